package dev.scientist.compare;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Lays two sequences side by side along a longest common subsequence. The algorithm is the greedy one of E. W. Myers,
 * "An O(ND) Difference Algorithm and Its Variations" (1986): its time grows with the length times the number of edits,
 * so that few edits in a long list are cheap; the number of edits is bounded.
 */
final class Alignment {

    /** Whether the control's element at one index equals the candidate's at another. */
    @FunctionalInterface
    interface Equality {
        boolean test(int control, int candidate);
    }

    private final int[] control;
    private final int[] candidate;
    private final int controlLength;
    private final int candidateLength;
    private final Equality equality;
    private final int maxEdits;

    private Alignment(int[] control, int[] candidate, Equality equality, int maxEdits) {
        this.control = control;
        this.candidate = candidate;
        controlLength = control.length;
        candidateLength = candidate.length;
        this.equality = equality;
        this.maxEdits = maxEdits;
    }

    /**
     * Aligns. An element whose hash the other side does not have is no part of what both have in common, and costs no
     * edit.
     *
     * @param control the hashes of the control's elements
     * @param candidate likewise
     * @param equality asked for elements with the same hash
     * @param maxEdits how many elements may be inserted and removed in all (a changed one counts as both)
     * @param partner takes, for each index of the control, that of its equal in the candidate, or -1
     * @return false if it takes more edits; then there are no partners
     */
    static boolean align(int[] control, int[] candidate, Equality equality, int maxEdits, int[] partner) {
        Arrays.fill(partner, -1);
        return new Alignment(
                        common(control, candidate),
                        common(candidate, control),
                        (i, j) -> control[i] == candidate[j] && equality.test(i, j),
                        maxEdits)
                .align(partner);
    }

    /** The indexes of what may be on the other side too. */
    private static int[] common(int[] hashes, int[] others) {
        int[] sorted = others.clone();
        Arrays.sort(sorted);
        return IntStream.range(0, hashes.length)
                .filter(i -> Arrays.binarySearch(sorted, hashes[i]) >= 0)
                .toArray();
    }

    private boolean align(int[] partner) {
        if (controlLength == 0 || candidateLength == 0) {
            return true;
        }
        int most = (int) Math.min((long) controlLength + candidateLength, maxEdits);
        if (Math.abs(controlLength - candidateLength) > most) {
            return false;
        }
        // furthest[d][k + d]: how far into the control d edits lead on diagonal k = control index - candidate index
        int[][] furthest = new int[most + 1][];
        for (int d = 0; d <= most; d++) {
            int[] row = new int[2 * d + 1];
            furthest[d] = row;
            for (int k = -d; k <= d; k += 2) {
                int x = d == 0 ? 0 : entry(furthest[d - 1], d, k);
                if (x < 0) {
                    row[k + d] = -1;
                    continue;
                }
                while (x < controlLength && x - k < candidateLength && equality.test(control[x], candidate[x - k])) {
                    x++;
                }
                row[k + d] = x;
                if (x == controlLength && x - k == candidateLength) {
                    trace(furthest, d, k, partner);
                    return true;
                }
            }
        }
        return false;
    }

    /** Where edit d enters diagonal k: by an insertion or by a removal, whichever leads further; -1 if neither can. */
    private int entry(int[] before, int d, int k) {
        return Math.max(insertion(before, d, k), removal(before, d, k));
    }

    /** By an insertion, from diagonal k + 1. */
    private int insertion(int[] before, int d, int k) {
        int x = k <= d - 2 ? before[k + d] : -1;
        return x - k <= candidateLength ? x : -1;
    }

    /** By a removal, from diagonal k - 1. */
    private int removal(int[] before, int d, int k) {
        int x = k >= 2 - d ? before[k + d - 2] : -1;
        // it leads on by one in the control alone, and so not past the candidate's end
        return x >= 0 && x < controlLength ? x + 1 : -1;
    }

    /** Goes back from the end and notes the elements that were passed as equal. */
    private void trace(int[][] furthest, int lastEdit, int lastDiagonal, int[] partner) {
        int k = lastDiagonal;
        int x = controlLength;
        for (int d = lastEdit; d >= 0; d--) {
            int entry = d == 0 ? 0 : entry(furthest[d - 1], d, k);
            while (x > entry) {
                x--;
                partner[control[x]] = candidate[x - k];
            }
            if (d > 0) {
                if (insertion(furthest[d - 1], d, k) == entry) {
                    k++;
                } else {
                    k--;
                    x--;
                }
            }
        }
    }
}
