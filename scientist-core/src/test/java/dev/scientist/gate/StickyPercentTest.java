package dev.scientist.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Notice;
import dev.scientist.Operation;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StickyPercentTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_261_124L);
    private static final int KEYS = 1_000_000;

    private record Order(Object customer) {}

    private final GateLab lab = new GateLab();
    private double percent;
    private final Experiment<Integer> pricing =
            lab.experiment("pricing", Gates.stickyPercent(() -> percent, Order.class, Order::customer));

    /** Whether the customer is in at that percentage. */
    private boolean admits(double percentage, Object customer) {
        percent = percentage;
        long before = pricing.counts().started();
        pricing.run(new Order(customer), order -> 1, order -> 1);
        return pricing.counts().started() > before;
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /**
     * The places are those of a program of another language, so that a change of the hash, which would put other users
     * into everybody's experiments, cannot pass unseen. Python 3:
     * {@snippet lang=python :
     * def place(experiment, key):
     *     m = (1 << 64) - 1
     *     h = 0xcbf29ce484222325
     *     for b in experiment.encode() + b'\0' + key.encode():
     *         h = ((h ^ b) * 0x100000001b3) & m
     *     h = ((h ^ h >> 33) * 0xff51afd7ed558ccd) & m
     *     h = ((h ^ h >> 33) * 0xc4ceb9fe1a85ec53) & m
     *     h ^= h >> 33
     *     return (h >> 11) / 2**53 * 100
     * }
     */
    @ParameterizedTest
    @CsvSource({
        "widget-permissions, alice, 0.2803291820679621",
        "widget-permissions, bob, 62.00816343630141",
        "pricing, alice, 65.6828743645284",
        "pricing, 4711, 48.55582049380427",
        "pricing, '', 21.79081394776925",
        "größe, Ωmega €, 7.387068302274436",
        "pricing, 😀, 21.68536414527791"
    })
    void theHashIsTheOneThatIsDocumented(String experiment, String key, double place) {
        assertThat(StickyPercent.place(experiment, key)).isEqualTo(place, within(1e-12));
    }

    /** The encoding is our own: here it is the JDK's, at the edges of each length and anywhere. */
    @Test
    void theHashIsOfTheBytesOfUtf8() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] edges = {0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
        for (int i = 0; i < 10_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                int c = random.nextBoolean()
                        ? edges[random.nextInt(edges.length)]
                        : random.nextInt(Character.MAX_CODE_POINT + 1);
                key.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
            }
            assertThat(StickyPercent.place("pricing", key.toString()))
                    .as("'%s', seed %d", key, SEED)
                    .isEqualTo(placeOfBytes("pricing", key.toString()));
        }
    }

    @Test
    void halfAPairStandsForTheReplacementCharacter() {
        for (char half : new char[] {Character.MIN_SURROGATE, Character.MAX_SURROGATE, '\ud800', '\udc00'}) {
            assertThat(StickyPercent.place("pricing", "a" + half)).isEqualTo(placeOfBytes("pricing", "a\ufffd"));
        }
    }

    private static double placeOfBytes(String experiment, String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (experiment + "\0" + key).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (hash >>> 11) / 0x1p53 * 100;
    }

    @Test
    void aKeyIsInOnceThePercentageIsAboveItsPlace() {
        assertThat(admits(65.68, "alice")).isFalse();
        assertThat(admits(65.69, "alice")).isTrue();
    }

    /** A gate of one's own that does not pass on {@code forExperiment}. */
    @Test
    void insideAnotherGateItSaysTheSame() {
        Gate sticky = Gates.stickyPercent(() -> percent, Order.class, Order::customer);
        Experiment<Integer> taxes = lab.experiment("taxes", (request, input) -> sticky.admits(request, input));
        percent = StickyPercent.place("taxes", "alice");
        taxes.run(new Order("alice"), order -> 1, order -> 1);
        assertThat(taxes.counts().started()).isZero();
        percent = Math.nextUp(percent);
        taxes.run(new Order("alice"), order -> 1, order -> 1);
        assertThat(taxes.counts().started()).isEqualTo(1);
    }

    @Test
    void theShareIsThatOfThePercentageOverAMillionKeysOfEachKind() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (String kind : new String[] {"customer-", "", "user@example.org/"}) {
            double[] places = IntStream.range(0, KEYS)
                    .mapToDouble(i -> StickyPercent.place("pricing", kind + i))
                    .toArray();
            for (int i = 0; i < 20; i++) {
                double percent = i == 0 ? 1 : random.nextDouble(100);
                double share = percent / 100;
                double fiveDeviations = 5 * Math.sqrt(KEYS * share * (1 - share));
                assertThat((double) in(places, percent))
                        .as("kind '%s', %s percent, seed %d", kind, percent, SEED)
                        .isCloseTo(KEYS * share, within(fiveDeviations));
            }
        }
    }

    private static long in(double[] places, double percent) {
        return Arrays.stream(places).filter(place -> place < percent).count();
    }

    @Test
    void growingThePercentageKeepsEveryoneWhoWasIn() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 10_000; i++) {
            long user = random.nextLong();
            double less = random.nextDouble(100);
            double more = less + random.nextDouble(100 - less);
            if (admits(less, user)) {
                assertThat(admits(more, user))
                        .as("%s at %s and %s percent, seed %d", user, less, more, SEED)
                        .isTrue();
            }
        }
    }

    @Test
    void differentExperimentsPickTheirKeysIndependently() {
        // of four equally likely cells (in or out of each of two experiments at 50 percent) none is preferred
        for (String other : new String[] {"pricinh", "pricing2", "Pricing", "taxes"}) {
            int[] cells = new int[4];
            for (int i = 0; i < KEYS; i++) {
                String key = "customer-" + i;
                int cell = (StickyPercent.place("pricing", key) < 50 ? 1 : 0)
                        + (StickyPercent.place(other, key) < 50 ? 2 : 0);
                cells[cell]++;
            }
            double fiveDeviations = 5 * Math.sqrt(KEYS * 0.25 * 0.75);
            assertThat(Arrays.stream(cells).boxed())
                    .as("pricing and %s", other)
                    .allSatisfy(cell -> assertThat((double) cell).isCloseTo(KEYS / 4.0, within(fiveDeviations)));
        }
    }

    @Test
    void theKeyIsTakenFromTheInputWhereThePercentageIsANumber() {
        Experiment<Integer> most =
                lab.experiment("pricing of most", Gates.stickyPercent(99.9, Order.class, Order::customer));
        Experiment<Integer> none = lab.experiment("taxes", Gates.stickyPercent(0, Order.class, Order::customer));

        most.run(new Order("alice"), order -> 1, order -> 1);
        none.run(new Order("alice"), order -> 1, order -> 1);

        assertThat(most.counts().started()).isEqualTo(1);
        assertThat(none.counts().started()).isZero();
        assertThatThrownBy(() -> Gates.stickyPercent(100.5, Order.class, Order::customer))
                .hasMessage("percent must be from 0 to 100, not 100.5");
    }

    @Test
    void theKeyIsTakenFromTheContextOfTheRun() {
        Experiment<Integer> experiment = lab.experiment("widget-permissions", Gates.stickyPercent(0.29, "user"));
        Experiment<Integer> none = lab.experiment("taxes", Gates.stickyPercent(0, "user"));

        experiment.control(() -> 1).candidate(() -> 1).context("user", "alice").run();
        none.control(() -> 1).candidate(() -> 1).context("user", "alice").run();

        assertThat(experiment.counts().started()).isEqualTo(1);
        assertThat(none.counts().started()).isZero();
        assertThat(lab.failures).isEmpty();
    }

    @Test
    void equalTextIsTheSameKey() {
        for (Object key :
                new Object[] {7, 7L, (short) 7, (byte) 7, '7', BigInteger.valueOf(7), new StringBuilder("7")}) {
            assertSamePlace(key, "7");
        }
        UUID id = new UUID(1, 2);
        assertSamePlace(id, "00000000-0000-0001-0000-000000000002");
        assertSamePlace(DayOfWeek.MONDAY, "MONDAY");
        assertSamePlace(true, "true");
    }

    private void assertSamePlace(Object key, String text) {
        double place = StickyPercent.place("pricing", text);
        assertThat(admits(place, key)).isFalse();
        assertThat(admits(Math.nextUp(place), key)).isTrue();
    }

    @Test
    void aMissingKeyIsReportedAndNotAdmitted() {
        Experiment<Integer> experiment = lab.experiment("test", Gates.stickyPercent(100, "user"));

        assertThat(experiment.run(() -> 1, () -> 2)).isEqualTo(1);

        assertThat(experiment.counts().started()).isZero();
        assertThat(lab.operations).containsExactly(Operation.GATE);
        assertThat(lab.failures.get(0))
                .isInstanceOf(Notice.class) // whose message is shown
                .hasMessage("sticky percent: the context's 'user' must be text, a whole number, a character, a boolean,"
                        + " a UUID or an enum, but is missing");
    }

    @Test
    void aKeyWhoseTextMayDifferBetweenJvmsIsReported() {
        Experiment<Integer> experiment = lab.experiment("test", Gates.stickyPercent(100, Order.class, Order::customer));

        experiment.run(new Order(new Object()), o -> 1, o -> 1);
        experiment.run(new Order(1.5), o -> 1, o -> 1);
        experiment.run("no order", o -> 1, o -> 1);
        experiment.run(() -> 1, () -> 1);

        assertThat(experiment.counts().started()).isZero();
        assertThat(lab.failures)
                .extracting(Throwable::getMessage)
                .satisfiesExactly(
                        message -> assertThat(message)
                                .contains("the key of the input")
                                .endsWith("java.lang.Object"),
                        message -> assertThat(message).endsWith("java.lang.Double"),
                        message -> assertThat(message)
                                .contains("must be a " + Order.class.getName())
                                .contains("not java.lang.String"),
                        message -> assertThat(message).contains("not null").contains("run(input, control, candidate)"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 100.1, Double.NaN})
    void aNumberThatIsNoPercentageIsAnError(double percent) {
        assertThatThrownBy(() -> Gates.stickyPercent(percent, "user"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("percent must be from 0 to 100, not " + percent);
        Experiment<Integer> experiment = lab.experiment("test", Gates.stickyPercent(() -> percent, "user"));
        experiment.control(() -> 1).candidate(() -> 1).context("user", "alice").run();

        assertThat(experiment.counts().started()).isEqualTo(percent > 100 ? 1 : 0);
        assertThat(lab.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("percent must be from 0 to 100, not " + percent));
    }
}
