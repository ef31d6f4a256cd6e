package dev.scientist.evidence;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How many different inputs there were, as long as they are few. Told only of values of the JDK and enums: what else
 * there is may be of any size, or equal to nothing. Keeps hash codes, no inputs. Lock-free once all are known.
 */
final class Inputs {

    /** Grows by copying. */
    private volatile int[] hashes = {};

    private volatile boolean unknown;

    void add(@Nullable Object input) {
        int[] known = hashes;
        if (unknown || known.length > ExperimentEvidence.FEW_INPUTS) {
            return;
        }
        if (input == null || !isPlain(input)) {
            unknown = true;
            return;
        }
        // that of an enum differs from process to process, which is no harm: none is kept
        int hash = input.hashCode();
        for (int one : known) {
            if (one == hash) {
                return;
            }
        }
        synchronized (this) {
            if (Arrays.stream(hashes).noneMatch(one -> one == hash)) {
                int[] more = Arrays.copyOf(hashes, hashes.length + 1);
                more[hashes.length] = hash;
                hashes = more;
            }
        }
    }

    private static boolean isPlain(Object input) {
        return input instanceof String
                || input instanceof Integer
                || input instanceof Long
                || input instanceof Enum<?>
                || input instanceof Boolean
                || input instanceof Character
                || input instanceof Double
                || input instanceof Float
                || input instanceof Short
                || input instanceof Byte
                || input instanceof UUID
                || input.getClass() == BigDecimal.class
                || input.getClass() == BigInteger.class
                || input.getClass().getPackageName().equals("java.time");
    }

    /** 0 if that is not known, one more than {@link ExperimentEvidence#FEW_INPUTS} if they are many. */
    int count() {
        return unknown ? 0 : hashes.length;
    }
}
