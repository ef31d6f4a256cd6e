package dev.scientist.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs up equal elements whatever their order, as many as there are on both sides: those at the same position first.
 * Only elements with the same hash are tried, so that it takes linear time where hashes tell elements apart. One use; not
 * thread-safe.
 */
final class Matching {

    /** How many pairs are tried at most. */
    private static final int MAX_TRIES = 2_000_000;
    /** How many pairs are made anew to make room for one. */
    private static final int MAX_CHANGES = 50;

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
        int slots = Integer.highestOneBit(Math.max(1, candidate.length)) * 2;
        int[] first = new int[slots];
        Arrays.fill(first, -1);
        int[] next = new int[candidate.length];
        for (int j = candidate.length - 1; j >= 0; j--) {
            if (candidatePartner[j] < 0) {
                int slot = slot(candidate[j], slots);
                next[j] = first[slot];
                first[slot] = j;
            }
        }
        for (int i = 0; i < control.length && tries > 0; i++) {
            if (partner[i] >= 0) {
                continue;
            }
            int slot = slot(control[i], slots);
            int before = -1;
            for (int j = first[slot]; j >= 0 && partner[i] < 0; j = next[j]) {
                if (candidatePartner[j] < 0 && !equal(i, j)) {
                    before = j;
                    continue;
                }
                // taken off the list: now it has a partner
                if (before < 0) {
                    first[slot] = next[j];
                } else {
                    next[before] = next[j];
                }
                if (candidatePartner[j] < 0) {
                    pair(i, j);
                }
            }
            boolean found = partner[i] >= 0 || (!transitive && makeRoom(i, new boolean[candidate.length], MAX_CHANGES));
            if (!found && all) {
                return true;
            }
        }
        return tries > 0;
    }

    /** The elements that have no partner. */
    <E extends @Nullable Object> List<E> lone(List<E> elements, int[] partners) {
        List<E> lone = new ArrayList<>();
        for (int i = 0; i < partners.length; i++) {
            if (partners[i] < 0) {
                lone.add(elements.get(i));
            }
        }
        return lone;
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

    private static int slot(int hash, int slots) {
        return (hash ^ (hash >>> 16)) & (slots - 1);
    }
}
