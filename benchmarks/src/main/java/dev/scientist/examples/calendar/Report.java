package dev.scientist.examples.calendar;

import java.io.PrintStream;
import java.util.Locale;

/** Prints what is behind the mismatches of an experiment, for people. */
final class Report {

    private static final int WIDTH = 110;
    private static final String INDENT = " ".repeat(13);

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(Findings findings) {
        out.println(findings.experiment() + ": mismatches by kind");
        findings.mismatches().forEach(this::printKind);
        if (findings.mismatched(Kind.UNEXPLAINED) == 0) {
            printCount(Kind.UNEXPLAINED.title(), 0L);
        }
        out.println();
    }

    private void printKind(Kind kind, Findings.Group group) {
        printCount(kind.title(), group.count());
        printWrapped(kind.explanation());
        group.examples().forEach(example -> out.println(INDENT + "- " + example));
    }

    private void printCount(String what, Long count) {
        out.printf(Locale.ROOT, "%,11d  %s%n", count, what);
    }

    private void printWrapped(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() > WIDTH - INDENT.length()) {
                out.println(INDENT + line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(word).append(' ');
        }
        out.println(INDENT + line.toString().stripTrailing());
    }
}
