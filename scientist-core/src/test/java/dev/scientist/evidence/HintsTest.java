package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Difference;
import dev.scientist.Experiment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HintsTest {

    private static final long SEED = Long.getLong("scientist.seed", 20_240_607L);

    private final EvidenceLab lab = new EvidenceLab();

    @AfterEach
    void close() {
        lab.close();
    }

    private record Order(String country, String tariff, int lines, boolean gift, String channel) {

        /** Most orders are from few countries. */
        static Order any(Random random) {
            int country = (int) Math.min(14, Math.abs(random.nextGaussian() * 5));
            return new Order(
                    "C" + country,
                    "T" + random.nextInt(6),
                    (int) Math.exp(random.nextDouble() * 9),
                    random.nextInt(10) == 0,
                    "channel " + random.nextInt(4));
        }
    }

    private Experiment<Integer> orders(String name) {
        return lab.scientist
                .<Integer>experiment(name)
                .trait("country", Order.class, Order::country)
                .trait("tariff", Order.class, Order::tariff)
                .trait("lines", Order.class, Order::lines)
                .trait("gift", Order.class, Order::gift)
                .trait("channel", Order.class, Order::channel)
                .comparator((control, candidate) -> control.equals(candidate)
                        ? List.of()
                        : List.of(Difference.of(candidate == 2 ? "price" : "tax", control, candidate)))
                .build();
    }

    private void run(Experiment<Integer> experiment, int runs, Random random, Predicate<Order> bug, double noise) {
        for (int i = 0; i < runs; i++) {
            Order order = Order.any(random);
            boolean other = random.nextDouble() < noise;
            experiment.run(order, in -> 1, in -> bug.test(in) ? 2 : other ? 3 : 1);
        }
    }

    @Test
    void aSentenceTellsWhichRunsMismatch() {
        run(orders("orders"), 20_000, new Random(SEED), order -> order.country().equals("C9"), 0);

        List<Hint> hints = lab.candidate("orders").hints();
        assertThat(hints).hasSize(1);
        assertThat(hints.get(0).toString())
                .matches(
                        "100% of the mismatches are at country = C9, which is [0-9.]+% of the runs: ([0-9,]+) of its \\1 runs mismatch");
        assertThat(new EvidenceReport(lab.evidence.evidence(), Tolerance.standard()).text())
                .contains("which inputs mismatch (hints: mismatches come in bursts)\n      " + hints.get(0));
    }

    @Test
    void twentyBugsAtOneValueEachAreNamedFirst() {
        Map<String, Predicate<Order>> bugs = new TreeMap<>();
        for (int i = 4; i < 13; i++) {
            String country = "C" + i;
            bugs.put("country = " + country, order -> order.country().equals(country));
        }
        for (int i = 0; i < 6; i++) {
            String tariff = "T" + i;
            bugs.put("tariff = " + tariff, order -> order.tariff().equals(tariff));
        }
        for (int i = 0; i < 4; i++) {
            String channel = "channel " + i;
            bugs.put("channel = " + channel, order -> order.channel().equals(channel));
        }
        bugs.put("gift = true", Order::gift);
        assertThat(bugs).hasSize(20);

        Random random = new Random(SEED);
        bugs.forEach((value, bug) -> {
            // half of the runs there are wrong, and 0.3% everywhere, at another place
            Predicate<Order> half = order -> bug.test(order) && order.lines() % 2 == 0;
            run(orders(value), 5_000, random, half, 0.003);

            List<Hint> hints = lab.candidate(value).hints();
            assertThat(hints).as("%s, seed %d", value, SEED).isNotEmpty();
            assertThat(hints.get(0).trait() + " = " + hints.get(0).value())
                    .as("seed %d", SEED)
                    .isEqualTo(value);
        });
    }

    @Test
    void withoutSuchABugThereAreHardlyAnyHints() {
        Random random = new Random(SEED);
        int hinted = 0;
        for (int repetition = 0; repetition < 1_000; repetition++) {
            Map<String, Map<String, TraitCount>> traits = new TreeMap<>();
            double rate = 0.01 + random.nextDouble() * 0.2;
            for (int i = 0; i < 2_000; i++) {
                Order order = Order.any(random);
                boolean mismatched = random.nextDouble() < rate;
                String place = random.nextBoolean() ? "price" : "tax";
                List<String> labels =
                        List.of(order.country(), order.tariff(), String.valueOf(order.gift()), order.channel());
                for (int trait = 0; trait < labels.size(); trait++) {
                    TraitCount one = new TraitCount(1, mismatched ? 1 : 0, mismatched ? Map.of(place, 1L) : Map.of());
                    traits.computeIfAbsent("trait" + trait, key -> new TreeMap<>())
                            .merge(labels.get(trait), one, HintsTest::plus);
                }
            }
            hinted += Hint.of(traits).isEmpty() ? 0 : 1;
        }
        assertThat(hinted).as("of 1,000 repetitions, seed %d", SEED).isLessThanOrEqualTo(50);
    }

    private static TraitCount plus(TraitCount one, TraitCount other) {
        return new TraitCount(
                one.compared() + other.compared(),
                one.mismatched() + other.mismatched(),
                Sums.sum(one.places(), other.places()));
    }

    @Test
    void aHintMayBeOfOnePlaceAlone() {
        Experiment<Integer> orders = orders("orders");
        // as many mismatches elsewhere, all over the orders
        run(orders, 20_000, new Random(SEED), order -> order.country().equals("C10") && order.gift(), 0.2);

        assertThat(lab.candidate("orders").hints()).isNotEmpty();
        Hint first = lab.candidate("orders").hints().get(0);
        assertThat(first.place()).isEqualTo("price");
        assertThat(first.shareOfMismatches()).isEqualTo(1);
        assertThat(first.toString())
                .startsWith("100% of the mismatches at price are at ")
                .endsWith(" runs mismatch there");
    }

    @Test
    void fewMismatchesHintAtNothing() {
        Experiment<Integer> orders = orders("orders");
        Random random = new Random(SEED);
        run(orders, 1_000, random, order -> false, 0);
        for (int i = 0; i < 9; i++) {
            orders.run(new Order("rare", "T0", 1, false, "channel 1"), in -> 1, in -> 2);
        }
        assertThat(lab.candidate("orders").hints()).isEmpty();
        orders.run(new Order("rare", "T0", 1, false, "channel 1"), in -> 1, in -> 2);
        assertThat(lab.candidate("orders").hints()).isNotEmpty();
    }

    @Test
    void valuesBeyondTheLimitAreCountedTogether() {
        Experiment<Integer> orders = orders("orders");
        for (int i = 0; i < 500; i++) {
            orders.run(new Order("country " + i, "T0", 1, false, "channel 1"), in -> 1, in -> 2);
        }
        Map<String, TraitCount> countries =
                lab.candidate("orders").sums().traits().get("country");
        assertThat(countries).hasSize(EvidencePublisher.MAX_TRAIT_VALUES + 1);
        assertThat(countries.get(EvidencePublisher.OTHER).compared()).isEqualTo(480);

        Map<String, Map<String, TraitCount>> again = Map.of("country", Map.of("late", new TraitCount(9, 0, Map.of())));
        Map<String, TraitCount> sum =
                TraitCount.sum(lab.candidate("orders").sums().traits(), again).get("country");
        assertThat(sum).hasSize(EvidencePublisher.MAX_TRAIT_VALUES + 1).containsKey("late");
        assertThat(sum.values().stream().mapToLong(TraitCount::compared).sum()).isEqualTo(509);
    }

    @Test
    void twoScientistsWithOtherTraitsOfOneNameDoNotDisturbEachOther() {
        orders("orders").run(Order.any(new Random(SEED)), in -> 1, in -> 1);
        try (dev.scientist.Scientist other =
                dev.scientist.Scientist.builder().publisher(lab.evidence).build()) {
            other.<Integer>experiment("orders")
                    .trait("one", value -> "1")
                    .build()
                    .run(() -> 1, () -> 1);
        }
        assertThat(lab.candidate("orders").sums().traits())
                .containsOnlyKeys(new ArrayList<>(List.of("country", "tariff", "lines", "gift", "channel"))
                        .toArray(String[]::new));
    }
}
