package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where two object graphs differ that could not be proven equal. One comparison; not thread-safe.
 *
 * <p>Cycle-safe: a pair of objects that is being compared, or was found equal, is taken as equal where it is met again.
 * Bounded in depth, in the number of places looked at and in the number of differences.
 */
final class DifferenceWalk {

    /** How many elements may be inserted and removed in a list that is aligned; a changed one counts as both. */
    static final int MAX_EDITS = 256;
    /** How many pairs of elements are tried where order does not matter and hash codes do not help. */
    static final int MAX_PAIRS = 250_000;

    private static final int MAX_KEY_LENGTH = 64;
    /** How many places may be looked at to prove parts equal, for each one that may be looked at to find differences. */
    private static final int PROOFS_PER_NODE = 4;
    /** How deep a part is looked at to prove it equal: what lies in a cycle is soon left to this walk. */
    private static final int PROOF_DEPTH = 16;

    /** Two objects being compared at places that have the same rules. */
    private record Pair(Object control, Object candidate, PathRules rules) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair
                    && pair.control == control
                    && pair.candidate == candidate
                    && pair.rules == rules;
        }

        @Override
        public int hashCode() {
            return (System.identityHashCode(control) * 31 + System.identityHashCode(candidate)) * 31
                    + System.identityHashCode(rules);
        }
    }

    private enum State {
        COMPARING,
        EQUAL,
        DIFFERENT
    }

    private final Settings settings;
    private final EqualWalk equalWalk;
    private final List<Difference> differences = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();
    private final Map<Pair, State> met = new HashMap<>();
    /** The pairs that were found equal, in that order. */
    private final List<Pair> equalPairs = new ArrayList<>();

    private long proofBudget;
    private int nodesLeft;
    /** Differences found, or in a trial whether there was one. */
    private int found;
    /** Two elements are being tried for equality: nothing is to be listed, and the first difference ends it. */
    private boolean trial;
    /** A limit made a trial fail that might have succeeded. */
    private boolean unproven;
    /** A limit was reached that ends the walk. */
    private boolean ended;

    DifferenceWalk(Settings settings, EqualWalk equalWalk) {
        this.settings = settings;
        this.equalWalk = equalWalk;
        nodesLeft = settings.maxNodes();
        proofBudget = (long) settings.maxNodes() * PROOFS_PER_NODE;
    }

    List<Difference> run(@Nullable Object control, @Nullable Object candidate, PathRules rules) {
        walk(control, candidate, rules, 0);
        if (unproven && differences.stream().noneMatch(difference -> difference.kind() == Kind.CUT_OFF)) {
            end(control, candidate);
        }
        return List.copyOf(differences);
    }

    private void walk(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        if (control == candidate || rules.ignored) {
            return;
        }
        if (!EqualWalk.isSame(proof(control, candidate, rules, depth))) {
            descend(control, candidate, rules, depth);
        }
    }

    private long proof(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        int start = Math.max(depth, settings.maxDepth() - PROOF_DEPTH);
        long verdict = equalWalk.same(control, candidate, rules, start, proofBudget);
        proofBudget = EqualWalk.budget(verdict);
        return verdict;
    }

    /** Like {@link #walk}, of two sides that could not be proven equal. */
    private void descend(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        if (--nodesLeft < 0) {
            end(control, candidate);
            return;
        }
        if (control instanceof Optional<?> one && candidate instanceof Optional<?> other) {
            optionals(one, other, rules, depth);
            return;
        }
        ResultComparator<@Nullable Object> comparator = rules.comparator;
        if (comparator == null && control != null && candidate != null) {
            comparator = settings.comparator(control, candidate);
        }
        if (comparator != null) {
            adopt(comparator.compare(control, candidate));
        } else if (control == null || candidate == null) {
            report(control, candidate, Kind.VALUE);
        } else {
            objects(control, candidate, rules, depth);
        }
    }

    private void objects(Object control, Object candidate, PathRules rules, int depth) {
        Settings.Form form = settings.form(control);
        if (form != settings.form(candidate)) {
            report(control, candidate, Kind.TYPE);
            return;
        }
        switch (form) {
            case VALUE -> {
                if (!control.equals(candidate)) {
                    report(control, candidate, type(control) == type(candidate) ? Kind.VALUE : Kind.TYPE);
                }
            }
            case TEXT -> {
                if (CharSequence.compare((CharSequence) control, (CharSequence) candidate) != 0) {
                    report(control, candidate, Kind.VALUE);
                }
            }
            case RECORD, GETTERS, FIELDS, PRIMITIVES -> {
                if (control.getClass() == candidate.getClass()) {
                    parts(form, control, candidate, rules, depth);
                } else {
                    report(control, candidate, Kind.TYPE);
                }
            }
            // maps and what holds elements, whose classes do not matter
            default -> parts(form, control, candidate, rules, depth);
        }
    }

    /** Enough of a type to tell a changed value from a changed type: constants of one enum may have different classes. */
    private static Class<?> type(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    private void parts(Settings.Form form, Object control, Object candidate, PathRules rules, int depth) {
        Pair pair = new Pair(control, candidate, rules);
        State state = met.get(pair);
        if (state == State.COMPARING || state == State.EQUAL) {
            return;
        }
        if (state == State.DIFFERENT && trial) {
            found++;
            return;
        }
        if (depth >= settings.maxDepth()) {
            cutOff(control, candidate);
            return;
        }
        met.put(pair, State.COMPARING);
        int foundBefore = found;
        int equalBefore = equalPairs.size();
        switch (form) {
            case RECORD -> {
                Shape shape = Shape.ofRecord(control.getClass());
                if (!shape.ownEquals || !control.equals(candidate)) {
                    properties(shape, control, candidate, rules, depth + 1);
                }
            }
            case GETTERS -> properties(Shape.ofGetters(control.getClass()), control, candidate, rules, depth + 1);
            case FIELDS -> properties(Shape.ofFields(control.getClass()), control, candidate, rules, depth + 1);
            case MAP -> maps((Map<?, ?>) control, (Map<?, ?>) candidate, rules, depth + 1);
            default -> elements(form, control, candidate, rules, depth + 1);
        }
        if (found == foundBefore) {
            met.put(pair, State.EQUAL);
            equalPairs.add(pair);
            return;
        }
        met.put(pair, State.DIFFERENT);
        // what was found equal on the way may have been so only as long as this pair was taken as equal
        for (int i = equalPairs.size() - 1; i >= equalBefore; i--) {
            met.remove(equalPairs.remove(i));
        }
    }

    private void optionals(Optional<?> control, Optional<?> candidate, PathRules rules, int depth) {
        if (control.isPresent() && candidate.isPresent()) {
            if (depth >= settings.maxDepth()) {
                cutOff(control, candidate);
            } else {
                walk(control.get(), candidate.get(), rules, depth + 1);
            }
        } else {
            control.ifPresent(value -> report(value, null, Kind.MISSING));
            candidate.ifPresent(value -> report(null, value, Kind.EXTRA));
        }
    }

    private void properties(Shape shape, Object control, Object candidate, PathRules rules, int depth) {
        for (Shape.Property property : shape.properties) {
            PathRules below = rules.property(property.name);
            if (below.ignored) {
                continue;
            }
            int length = path.length();
            path.append(length == 0 ? "" : ".").append(property.name);
            walk(property.of(control), property.of(candidate), below, depth);
            path.setLength(length);
            if (stopped()) {
                return;
            }
        }
    }

    private void maps(Map<?, ?> control, Map<?, ?> candidate, PathRules rules, int depth) {
        if (Math.max(control.size(), candidate.size()) > settings.maxNodes()) {
            cutOff(control, candidate);
            return;
        }
        for (Map.Entry<?, ?> entry : control.entrySet()) {
            Object key = entry.getKey();
            PathRules below = rules.key(key);
            int length = key(key);
            Object value = EqualWalk.get(candidate, key);
            if (value != null || EqualWalk.containsKey(candidate, key)) {
                walk(entry.getValue(), value, below, depth);
            } else {
                lone(entry.getValue(), null, below, Kind.MISSING);
            }
            path.setLength(length);
            if (stopped()) {
                return;
            }
        }
        for (Map.Entry<?, ?> entry : candidate.entrySet()) {
            Object key = entry.getKey();
            if (!EqualWalk.containsKey(control, key)) {
                int length = key(key);
                lone(null, entry.getValue(), rules.key(key), Kind.EXTRA);
                path.setLength(length);
            }
            if (stopped()) {
                return;
            }
        }
    }

    private void elements(Settings.Form form, Object control, Object candidate, PathRules rules, int depth) {
        if (Math.max(size(form, control), size(form, candidate)) > settings.maxNodes()) {
            cutOff(control, candidate);
            return;
        }
        @Nullable Object[] one = elements(form, control);
        @Nullable Object[] other = elements(form, candidate);
        if (form == Settings.Form.SET || rules.anyOrder) {
            unordered(form, one, other, rules, depth, control, candidate);
        } else {
            ordered(one, other, rules, depth, control, candidate);
        }
    }

    private static int size(Settings.Form form, Object owner) {
        return form == Settings.Form.OBJECTS || form == Settings.Form.PRIMITIVES
                ? Array.getLength(owner)
                : ((Collection<?>) owner).size();
    }

    private static @Nullable Object[] elements(Settings.Form form, Object owner) {
        if (form == Settings.Form.OBJECTS) {
            return (@Nullable Object[]) owner;
        }
        if (form != Settings.Form.PRIMITIVES) {
            return ((Collection<?>) owner).toArray();
        }
        @Nullable Object[] boxes = new @Nullable Object[Array.getLength(owner)];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = Array.get(owner, i);
        }
        return boxes;
    }

    /** Aligns, then compares what has no partner run by run, position by position. */
    private void ordered(
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            PathRules rules,
            int depth,
            Object controlOwner,
            Object candidateOwner) {
        if (trial) {
            run(control, 0, control.length, candidate, 0, candidate.length, rules, depth);
            return;
        }
        int[] partner = Alignment.of(
                control.length,
                candidate.length,
                (i, j) -> equal(control[i], candidate[j], rules.element(i), depth),
                MAX_EDITS);
        if (control.length == candidate.length && reordered(control, candidate, partner, rules, depth)) {
            report(controlOwner, candidateOwner, Kind.ORDER);
            return;
        }
        if (partner == null) {
            int common = Math.min(control.length, candidate.length);
            run(control, 0, common, candidate, 0, common, rules, depth);
            // where all elements are ignored they are all equal, and so aligned
            if (control.length != candidate.length) {
                report(controlOwner, candidateOwner, Kind.SIZE);
            }
            return;
        }
        int start = 0;
        int candidateStart = 0;
        for (int i = 0; i <= control.length && !stopped(); i++) {
            boolean end = i == control.length;
            if (end || partner[i] >= 0) {
                int candidateEnd = end ? candidate.length : partner[i];
                run(control, start, i, candidate, candidateStart, candidateEnd, rules, depth);
                start = i + 1;
                candidateStart = candidateEnd + 1;
            }
        }
    }

    /** Neighbours without partners: pairs them up by position, as changed; those left over are missing or extra. */
    private void run(
            @Nullable Object[] control,
            int controlStart,
            int controlEnd,
            @Nullable Object[] candidate,
            int candidateStart,
            int candidateEnd,
            PathRules rules,
            int depth) {
        int i = controlStart;
        int j = candidateStart;
        while (!stopped() && i < controlEnd) {
            int length = index(i);
            if (j < candidateEnd) {
                walk(control[i], candidate[j++], rules.element(i), depth);
            } else {
                lone(control[i], null, rules.element(i), Kind.MISSING);
            }
            path.setLength(length);
            i++;
        }
        while (!stopped() && j < candidateEnd) {
            int length = index(j);
            lone(null, candidate[j], rules.element(j), Kind.EXTRA);
            path.setLength(length);
            j++;
        }
    }

    private boolean reordered(
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            int @Nullable [] partner,
            PathRules rules,
            int depth) {
        for (int i = 0; i < control.length; i++) {
            if ((partner == null || partner[i] < 0) && rules.element(i) != rules.element()) {
                return false; // there it matters what is at this very index
            }
        }
        @Nullable Object[] lone = control;
        @Nullable Object[] candidateLone = candidate;
        if (partner != null) {
            boolean[] taken = new boolean[candidate.length];
            List<@Nullable Object> left = new ArrayList<>();
            List<@Nullable Object> candidateLeft = new ArrayList<>();
            for (int i = 0; i < control.length; i++) {
                if (partner[i] >= 0) {
                    taken[partner[i]] = true;
                } else {
                    left.add(control[i]);
                }
            }
            for (int j = 0; j < candidate.length; j++) {
                if (!taken[j]) {
                    candidateLeft.add(candidate[j]);
                }
            }
            lone = left.toArray();
            candidateLone = candidateLeft.toArray();
        }
        return lone.length > 0 && partners(lone, candidateLone, rules.element(), depth, true) != null;
    }

    private void unordered(
            Settings.Form form,
            @Nullable Object[] control,
            @Nullable Object[] candidate,
            PathRules rules,
            int depth,
            Object controlOwner,
            Object candidateOwner) {
        PathRules below = rules.element();
        if (below.ignored) {
            return;
        }
        int[] partner = partners(control, candidate, below, depth, false);
        if (partner == null) {
            cutOff(controlOwner, candidateOwner);
            return;
        }
        boolean[] taken = new boolean[candidate.length];
        for (int i = 0; i < control.length && !stopped(); i++) {
            if (partner[i] >= 0) {
                taken[partner[i]] = true;
            } else {
                int length = form == Settings.Form.SET ? anyIndex() : index(i);
                report(control[i], null, Kind.MISSING);
                path.setLength(length);
            }
        }
        for (int j = 0; j < candidate.length && !stopped(); j++) {
            if (!taken[j]) {
                int length = form == Settings.Form.SET ? anyIndex() : index(j);
                report(null, candidate[j], Kind.EXTRA);
                path.setLength(length);
            }
        }
    }

    /**
     * Pairs up equal elements whatever their order: those at the same position first, then plain values by their hash
     * codes, then each with each. Greedy: with a comparator that is not transitive, such as a tolerance, more pairs might
     * be possible.
     *
     * @param all give up as soon as one element has no partner
     * @return for each index of the control that of its partner or -1; null when given up, or if there are too many
     */
    private int @Nullable [] partners(
            @Nullable Object[] control, @Nullable Object[] candidate, PathRules below, int depth, boolean all) {
        int[] partner = new int[control.length];
        Arrays.fill(partner, -1);
        boolean[] taken = new boolean[candidate.length];
        for (int i = 0; i < Math.min(control.length, candidate.length); i++) {
            if (equal(control[i], candidate[i], below, depth)) {
                partner[i] = i;
                taken[i] = true;
            }
        }
        boolean byHash = below == PathRules.NONE && settings.types().isEmpty();
        Map<Object, Deque<Integer>> places = new HashMap<>();
        int others = 0;
        int plainOnes = 0;
        for (int j = 0; j < candidate.length; j++) {
            Object element = candidate[j];
            if (taken[j]) {
                continue;
            }
            if (byHash && element != null && isPlain(element)) {
                places.computeIfAbsent(element, key -> new ArrayDeque<>(1)).add(j);
                plainOnes++;
            } else {
                others++;
            }
        }
        long tries = 0;
        for (int i = 0; i < control.length; i++) {
            Object element = control[i];
            if (partner[i] >= 0) {
                continue;
            }
            boolean plain = byHash && element != null && isPlain(element);
            Deque<Integer> same = plain ? places.get(element) : null;
            if (same != null && !same.isEmpty()) {
                partner[i] = same.remove();
                taken[partner[i]] = true;
                continue;
            }
            tries += plain ? others : (long) others + plainOnes;
            if (tries > MAX_PAIRS) {
                return null;
            }
            for (int j = 0; j < candidate.length && partner[i] < 0; j++) {
                Object other = candidate[j];
                if (!taken[j] && !(plain && other != null && isPlain(other)) && equal(element, other, below, depth)) {
                    partner[i] = j;
                    taken[j] = true;
                }
            }
            if (all && partner[i] < 0) {
                return null;
            }
        }
        return partner;
    }

    private static boolean isPlain(Object value) {
        return Shape.isPlain(value.getClass()) || (value instanceof Record && Shape.ofRecord(value.getClass()).plain);
    }

    /** Whether two elements are equal, without listing where they differ. */
    private boolean equal(@Nullable Object control, @Nullable Object candidate, PathRules rules, int depth) {
        if (control == candidate || rules.ignored) {
            return true;
        }
        long proof = proof(control, candidate, rules, depth);
        if (!EqualWalk.isUnknown(proof)) {
            return EqualWalk.isSame(proof);
        }
        boolean trialBefore = trial;
        int foundBefore = found;
        trial = true;
        found = 0;
        descend(control, candidate, rules, depth);
        boolean equal = found == 0;
        trial = trialBefore;
        found = foundBefore;
        return equal;
    }

    /** The differences that a place's own comparator found lie below it. */
    private void adopt(List<Difference> below) {
        for (Difference difference : below) {
            if (stopped()) {
                return;
            }
            report(difference.below(path.toString()));
        }
    }

    private void lone(@Nullable Object control, @Nullable Object candidate, PathRules rules, Kind kind) {
        if (!rules.ignored) {
            report(control, candidate, kind);
        }
    }

    private void report(@Nullable Object control, @Nullable Object candidate, Kind kind) {
        if (trial) {
            found++;
        } else {
            report(new Difference(path.toString(), control, candidate, kind));
        }
    }

    private void report(Difference difference) {
        if (trial) {
            found++;
        } else if (differences.size() < settings.maxDifferences()) {
            found++;
            differences.add(difference);
        } else {
            end(difference.control(), difference.candidate());
        }
    }

    /** What lies below was not looked at for a limit. */
    private void cutOff(@Nullable Object control, @Nullable Object candidate) {
        unproven |= trial;
        report(control, candidate, Kind.CUT_OFF);
    }

    /** Ends the walk at a limit; a trial it merely makes fail, as nothing was proven. */
    private void end(@Nullable Object control, @Nullable Object candidate) {
        found++;
        if (trial) {
            unproven = true;
        } else {
            ended = true;
            differences.add(new Difference(path.toString(), control, candidate, Kind.CUT_OFF));
        }
    }

    private boolean stopped() {
        return ended || (trial && found > 0);
    }

    private int index(int index) {
        int length = path.length();
        path.append('[').append(index).append(']');
        return length;
    }

    private int anyIndex() {
        int length = path.length();
        path.append("[*]");
        return length;
    }

    /** A key as it stands in a pattern, in quotes; one that is very long is cut. */
    private int key(@Nullable Object key) {
        int length = path.length();
        String text = String.valueOf(key);
        path.append("[\"");
        for (int i = 0; i < Math.min(text.length(), MAX_KEY_LENGTH); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                path.append('\\');
            }
            path.append(c);
        }
        path.append(text.length() > MAX_KEY_LENGTH ? "…\"]" : "\"]");
        return length;
    }
}
