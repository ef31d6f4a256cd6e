package dev.scientist.examples.calendar;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells a person how far the work is: on a terminal by one line that is written anew, elsewhere by a line every few
 * seconds. Not thread-safe.
 */
final class Progress {

    private static final Duration ON_TERMINAL = Duration.ofMillis(100);
    private static final Duration ELSEWHERE = Duration.ofSeconds(3);

    private final PrintStream out;
    private final boolean isTerminal;
    private final String unit;
    private final long total;
    private final long interval;
    private long done;
    private long shownAt = System.nanoTime();

    Progress(PrintStream out, boolean isTerminal, String unit, long total) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.unit = unit;
        this.total = total;
        interval = (isTerminal ? ON_TERMINAL : ELSEWHERE).toNanos();
    }

    /** Whether this program talks to a person, not to a file or another program. */
    @SuppressWarnings("SystemConsoleNull") // true of JDK 17 only, and only there it is relied on
    static boolean hasTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJdk22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    void oneMore() {
        done++;
        long now = System.nanoTime();
        if (done == total || now - shownAt >= interval) {
            shownAt = now;
            show();
        }
    }

    private void show() {
        String line = String.format(Locale.ROOT, "%3d %%  %,d of %,d %s", 100 * done / total, done, total, unit);
        // the line only ever grows, so that it covers what it is written over
        out.print(isTerminal ? "\r" + line : line);
        if (!isTerminal || done == total) {
            out.println();
        }
        out.flush();
    }
}
