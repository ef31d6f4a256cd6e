package dev.scientist.gate;

import dev.scientist.Gate;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/** Ready-made gates. All are thread-safe. */
public final class Gates {

    private static final double ALL = 100;

    private Gates() {}

    /**
     * Opens for a share of the runs, each decided by chance.
     *
     * @param percent from 0 (never) to 100 (always)
     * @return the gate
     * @throws IllegalArgumentException if the percentage is not within 0 and 100
     */
    public static Gate percent(double percent) {
        if (!(percent >= 0 && percent <= ALL)) {
            throw new IllegalArgumentException("percent must be from 0 to 100, not " + percent);
        }
        return (request, input) -> request.random().nextDouble(ALL) < percent;
    }

    /**
     * Opens for a share of the runs that can change while running, such as one that a flag system drives. A percentage
     * below 0 counts as 0, one above 100 as 100, one that is no number as 0; each is reported.
     *
     * @param percent asked on every run
     * @return the gate
     */
    public static Gate percent(DoubleSupplier percent) {
        Objects.requireNonNull(percent, "percent");
        return (request, input) -> {
            double wanted = percent.getAsDouble();
            if (!(wanted >= 0 && wanted <= ALL)) {
                request.report(new IllegalArgumentException("percent must be from 0 to 100, not " + wanted));
            }
            return request.random().nextDouble(ALL) < wanted;
        };
    }
}
