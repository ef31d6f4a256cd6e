package dev.scientist.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which runs mismatch: a value of a trait that has more of the mismatches than its share of the runs explains. A hint and
 * no proof: mismatches come in bursts, and traits go together. Immutable.
 *
 * <p>Given for values with at least 10 mismatches, whose share of the mismatches is at least three times their share of
 * the runs, and where so many would come by chance with a probability below 0.05 / (values of all traits x places): the
 * binomial tail, DLMF 8.17.5, with Bonferroni's correction.
 *
 * @param trait the trait's name
 * @param value its value
 * @param place where the mismatches are, as {@link dev.scientist.Comparison#places()} names it, null for anywhere
 * @param mismatches how many of them have the value
 * @param allMismatches how many there are
 * @param runs how many of the compared runs have the value
 * @param allRuns how many there are
 */
public record Hint(
        String trait,
        String value,
        @Nullable String place,
        long mismatches,
        long allMismatches,
        long runs,
        long allRuns) {

    private static final int FEWEST_MISMATCHES = 10;
    private static final double LEAST_LIFT = 3;
    private static final double CHANCE = 0.05;

    /** More are no help. */
    private static final int MOST = 5;

    /** Checks that trait and value are there. */
    public Hint {
        Objects.requireNonNull(trait, "trait");
        Objects.requireNonNull(value, "value");
    }

    /**
     * The share of the mismatches that have the value.
     *
     * @return above 0, at most 1
     */
    public double shareOfMismatches() {
        return (double) mismatches / allMismatches;
    }

    /**
     * The share of the compared runs that have the value.
     *
     * @return above 0, below 1
     */
    public double shareOfRuns() {
        return (double) runs / allRuns;
    }

    /** The hint as a sentence, such as "98% of the mismatches are at country = DE, which is 12% of the runs: 140 of its 1,400 runs mismatch". */
    @Override
    public String toString() {
        return Words.percent(shareOfMismatches()) + " of the mismatches" + (place == null ? "" : " at " + place)
                + " are at " + trait + " = " + value + ", which is " + Words.percent(shareOfRuns()) + " of the runs: "
                + Words.number(mismatches) + " of its " + Words.count(runs, "run", "runs") + " mismatch"
                + (place == null ? "" : " there");
    }

    /** How much of the mismatches the value explains, beyond its share. */
    private double explained() {
        return shareOfMismatches() - shareOfRuns();
    }

    private boolean isMoreThanChance(double chance) {
        double p = shareOfRuns();
        return mismatches >= FEWEST_MISMATCHES
                && shareOfMismatches() >= LEAST_LIFT * p
                && Special.incompleteBeta((double) mismatches, allMismatches - mismatches + 1.0, p, 1 - p) < chance;
    }

    /** What the counts hint at, that which explains most first. */
    static List<Hint> of(Map<String, Map<String, TraitCount>> traits) {
        int values = traits.values().stream().mapToInt(Map::size).sum();
        TreeSet<String> places = new TreeSet<>();
        traits.values()
                .forEach(byValue -> byValue.values()
                        .forEach(count -> places.addAll(count.places().keySet())));
        double chance = CHANCE / ((double) values * (1 + places.size()));
        List<Hint> hints = new ArrayList<>();
        traits.forEach((trait, byValue) -> {
            addIfAny(hints, trait, byValue, null, chance);
            places.forEach(place -> addIfAny(hints, trait, byValue, place, chance));
        });
        hints.sort(Comparator.comparingDouble(Hint::explained).reversed());
        List<Hint> told = new ArrayList<>();
        for (Hint hint : hints) { // of one value the place where it explains most, anywhere if it does so there
            if (told.size() < MOST
                    && told.stream()
                            .noneMatch(other -> other.trait.equals(hint.trait) && other.value.equals(hint.value))) {
                told.add(hint);
            }
        }
        return List.copyOf(told);
    }

    private static void addIfAny(
            List<Hint> hints, String trait, Map<String, TraitCount> byValue, @Nullable String place, double chance) {
        long allRuns = byValue.values().stream().mapToLong(TraitCount::compared).sum();
        long allMismatches = byValue.values().stream()
                .mapToLong(count -> mismatches(count, place))
                .sum();
        byValue.forEach((value, count) -> {
            if (mismatches(count, place) > 0 && count.compared() < allRuns) {
                Hint hint = new Hint(
                        trait, value, place, mismatches(count, place), allMismatches, count.compared(), allRuns);
                if (hint.isMoreThanChance(chance)) {
                    hints.add(hint);
                }
            }
        });
    }

    private static long mismatches(TraitCount count, @Nullable String place) {
        return place == null ? count.mismatched() : count.places().getOrDefault(place, 0L);
    }
}
