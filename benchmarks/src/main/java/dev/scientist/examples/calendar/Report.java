package dev.scientist.examples.calendar;

import java.io.PrintStream;
import java.util.Locale;

/** Prints what an experiment found, for people. */
final class Report {

    private static final int WIDTH = 110;
    private static final String INDENT = " ".repeat(13);

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(Findings findings) {
        out.println(findings.experiment());
        out.printf(
                Locale.ROOT,
                "  runs %,d: %,d matched, %,d mismatched, %,d ignored, %,d not compared%n",
                findings.runs(),
                findings.matched(),
                findings.mismatched(),
                findings.ignoredInAll(),
                findings.notCompared());
        out.printf(
                Locale.ROOT,
                "  exceptions: control %,d, candidate %,d; dropped runs %,d, failures of rules, cleaners, publishers %,d%n",
                findings.controlExceptions(),
                findings.candidateExceptions(),
                findings.drops(),
                findings.failures());
        printTimes(findings.controlTimes(), findings.candidateTimes());
        if (!findings.ignored().isEmpty()) {
            out.println("  ignored because");
            findings.ignored().forEach(this::printCount);
        }
        if (!findings.places().isEmpty()) {
            out.println("  mismatches by what differs");
            findings.places().forEach(this::printCount);
        }
        out.println("  mismatches by kind");
        findings.mismatches().forEach(this::printKind);
        if (findings.mismatched(Kind.UNEXPLAINED) == 0) {
            printCount(Kind.UNEXPLAINED.title(), 0L);
        }
        out.println();
    }

    private void printTimes(Durations control, Durations candidate) {
        if (control.totalSeconds() == 0 || control.median() == 0) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "  time: control %.2f s, median %,d ns; candidate %.2f s, median %,d ns%n",
                control.totalSeconds(),
                control.median(),
                candidate.totalSeconds(),
                candidate.median());
        out.printf(
                Locale.ROOT,
                "  time, candidate / control: %.2f in all, %.2f of the medians%n",
                candidate.totalSeconds() / control.totalSeconds(),
                (double) candidate.median() / control.median());
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
