package dev.scientist.junit;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where seeds come from, and how one that was used is told. */
final class Seeds {

    static final String PARAMETER = "scientist.seed";

    private Seeds() {}

    /** The configuration parameter or system property, else the seed given unless it is 0, else a new one. */
    static long of(ExtensionContext context, long given) {
        return context.getConfigurationParameter(PARAMETER)
                .map(Seeds::parse)
                .orElseGet(() -> given != 0 ? given : fresh());
    }

    /** Short enough to be typed, and never 0. */
    private static long fresh() {
        return ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
    }

    private static long parse(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PARAMETER + " must be a whole number, not '" + text + "'", e);
        }
    }

    static String howToRepeat(long seed) {
        return "seed " + seed + ": repeat with -D" + PARAMETER + "=" + seed;
    }

    /** Random numbers, and whether anybody wanted one: else the seed makes no difference. Thread-safe. */
    static final class Drawn implements RandomGenerator {
        private final Random random;
        private volatile boolean isDrawn;

        /** Also for seeds that follow each other: the first numbers of those differ little, as they are. */
        Drawn(long seed) {
            random = new Random(new SplittableRandom(seed).nextLong());
        }

        @Override
        public long nextLong() {
            isDrawn = true;
            return random.nextLong();
        }

        boolean isDrawn() {
            return isDrawn;
        }
    }
}
