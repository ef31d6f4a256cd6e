package dev.scientist.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    private Alignment() {}

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
        int[] one = common(control, candidate);
        int[] other = common(candidate, control);
        int most = (int) Math.min((long) one.length + other.length, maxEdits);
        // furthest[most + 1 + k]: how far into the control one comes on diagonal k = control index - candidate index
        int[] furthest = new int[2 * most + 3];
        List<int[]> before = new ArrayList<>();
        for (int d = 0; d <= most; d++) {
            before.add(Arrays.copyOfRange(furthest, most - d, most + d + 3));
            for (int k = -d; k <= d; k += 2) {
                int at = most + 1 + k;
                int x = d == 0 ? 0 : inserts(furthest, at, k, d) ? furthest[at + 1] : furthest[at - 1] + 1;
                while (x < one.length
                        && x - k < other.length
                        && control[one[x]] == candidate[other[x - k]]
                        && equality.test(one[x], other[x - k])) {
                    x++;
                }
                furthest[at] = x;
                if (x == one.length && x - k == other.length) {
                    trace(before, one, other, partner);
                    return true;
                }
            }
        }
        return false;
    }

    /** The indexes of what may be on the other side too. */
    private static int[] common(int[] hashes, int[] others) {
        int[] sorted = others.clone();
        Arrays.sort(sorted);
        int[] common = new int[hashes.length];
        int count = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (Arrays.binarySearch(sorted, hashes[i]) >= 0) {
                common[count++] = i;
            }
        }
        return Arrays.copyOf(common, count);
    }

    /** Whether the last of d edits that leads to diagonal k is an insertion, from diagonal k + 1; else it is a removal. */
    private static boolean inserts(int[] furthest, int at, int k, int d) {
        return k == -d || (k != d && furthest[at - 1] < furthest[at + 1]);
    }

    /** Goes back from the end and notes the elements that were passed as equal. */
    private static void trace(List<int[]> before, int[] one, int[] other, int[] partner) {
        int x = one.length;
        int y = other.length;
        for (int d = before.size() - 1; d >= 0; d--) {
            int k = x - y;
            // row d holds the diagonals from -d - 1 to d + 1
            int at = d + 1 + k;
            int[] row = before.get(d);
            boolean inserts = d > 0 && inserts(row, at, k, d);
            int fromX = d == 0 ? 0 : inserts ? row[at + 1] : row[at - 1];
            int fromY = d == 0 ? 0 : fromX - (inserts ? k + 1 : k - 1);
            while (x > fromX && y > fromY) {
                partner[one[--x]] = other[--y];
            }
            x = fromX;
            y = fromY;
        }
    }
}
