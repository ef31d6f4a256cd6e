package dev.scientist.compare;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Pairs up equal elements whatever their order, as many as there are on both sides: those at the same position first.
 * Only elements with the same hash are tried, so that it takes linear time where hashes tell elements apart. One use; not
 * thread-safe.
 */
final class Matching {

    /** How many pairs are tried at most. */
    private static final int MAX_TRIES = 1_000_000;
    /** How many pairs are made anew to make room for one. */
    private static final int MAX_CHANGES = 50;

    private static final Deque<Integer> NONE = new ArrayDeque<>();

    private final int[] control;
    private final int[] candidate;
    private final Alignment.Equality equality;
    /** For each element the index of its partner, or -1. */
    final int[] partner;

    final int[] candidatePartner;
    private int tries = MAX_TRIES;

    /**
     * For elements with these hashes.
     *
     * @param equality tells whether two elements are equal, asked for those with the same hash
     */
    Matching(int[] control, int[] candidate, Alignment.Equality equality) {
        this.control = control;
        this.candidate = candidate;
        this.equality = equality;
        partner = new int[control.length];
        candidatePartner = new int[candidate.length];
        Arrays.fill(partner, -1);
        Arrays.fill(candidatePartner, -1);
    }

    /**
     * Makes the pairs.
     *
     * @param transitive what equals the same is equal; else pairs once made may be made anew for the sake of others
     * @param all stop as soon as one element of the control has no partner
     * @return false if there were too many pairs to try
     */
    boolean match(boolean transitive, boolean all) {
        for (int i = 0; i < Math.min(control.length, candidate.length); i++) {
            if (equal(i, i)) {
                pair(i, i);
            }
        }
        Map<Integer, Deque<Integer>> free = new HashMap<>();
        for (int j = 0; j < candidate.length; j++) {
            if (candidatePartner[j] < 0) {
                free.computeIfAbsent(candidate[j], hash -> new ArrayDeque<>(1)).add(j);
            }
        }
        for (int i = 0; i < control.length && tries > 0; i++) {
            Iterator<Integer> same = free.getOrDefault(control[i], NONE).iterator();
            while (partner[i] < 0 && same.hasNext()) {
                int j = same.next();
                if (candidatePartner[j] < 0 && equal(i, j)) {
                    pair(i, j);
                    same.remove();
                }
            }
            boolean found = partner[i] >= 0 || (!transitive && makeRoom(i, new boolean[candidate.length], MAX_CHANGES));
            if (!found && all) {
                return true;
            }
        }
        return tries > 0;
    }

    /** Every element has a partner. */
    boolean isPerfect() {
        return IntStream.concat(Arrays.stream(partner), Arrays.stream(candidatePartner))
                .noneMatch(i -> i < 0);
    }

    /** The elements that have no partner. */
    static List<?> lone(List<?> elements, int[] partners) {
        return IntStream.range(0, partners.length)
                .filter(i -> partners[i] < 0)
                .mapToObj(elements::get)
                .toList();
    }

    /** An augmenting path, as H. W. Kuhn's method for the assignment problem has it (1955). */
    private boolean makeRoom(int i, boolean[] tried, int changes) {
        for (int j = 0; j < candidate.length && changes > 0; j++) {
            if (!tried[j] && equal(i, j)) {
                tried[j] = true;
                if (candidatePartner[j] < 0 || makeRoom(candidatePartner[j], tried, changes - 1)) {
                    pair(i, j);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean equal(int i, int j) {
        return control[i] == candidate[j] && tries > 0 && --tries >= 0 && equality.test(i, j);
    }

    private void pair(int i, int j) {
        partner[i] = j;
        candidatePartner[j] = i;
    }
}
