package dev.scientist.evidence;

/** The special functions that the intervals need, for positive arguments. */
final class Special {

    private static final double HALF_LOG_TWO_PI = 0.9189385332046727;

    /** From here on the series of {@link #stirlingError} is exact to a double's precision. */
    private static final double LARGE = 10;

    private static final int MAX_STEPS = 2_000_000;

    private Special() {}

    /**
     * The logarithm of the gamma function: Stirling's series (NIST Digital Library of Mathematical Functions, 5.11.1),
     * reached from small arguments by the recurrence 5.5.1.
     */
    static double logGamma(double x) {
        double shift = 1;
        double large = x;
        while (large < LARGE) {
            shift *= large;
            large++;
        }
        return (large - 0.5) * Math.log(large) - large + HALF_LOG_TWO_PI + stirlingError(large) - Math.log(shift);
    }

    /**
     * The logarithm of the beta function. Where arguments are large, the large parts of the three gammas are cancelled
     * by hand, as in Didonato and Morris, Algorithm 708, ACM Transactions on Mathematical Software 18(3), 1992: else
     * nothing of the result would be left after millions of runs.
     */
    static double logBeta(double a, double b) {
        double p = Math.min(a, b);
        double q = Math.max(a, b);
        if (p >= LARGE) {
            return -0.5 * Math.log(q)
                    + HALF_LOG_TWO_PI
                    + (stirlingError(p) + stirlingError(q) - stirlingError(p + q))
                    + (p - 0.5) * Math.log(p / (p + q))
                    + q * Math.log1p(-p / (p + q));
        }
        if (q >= LARGE) {
            return logGamma(p)
                    + (stirlingError(q) - stirlingError(p + q))
                    + p
                    - p * Math.log(p + q)
                    + (q - 0.5) * Math.log1p(-p / (p + q));
        }
        return logGamma(p) + logGamma(q) - logGamma(p + q);
    }

    /** What Stirling's formula lacks: the sum of B(2k) / (2k (2k-1) x^(2k-1)). */
    private static double stirlingError(double x) {
        double y = 1 / (x * x);
        return (1.0 / 12
                        - y
                                * (1.0 / 360
                                        - y
                                                * (1.0 / 1260
                                                        - y
                                                                * (1.0 / 1680
                                                                        - y
                                                                                * (1.0 / 1188
                                                                                        - y
                                                                                                * (691.0 / 360360
                                                                                                        - y / 156))))))
                / x;
    }

    /**
     * The regularized incomplete beta function, which is the distribution function of the beta distribution: the
     * continued fraction DLMF 8.17.22 by Lentz's method, on the side of the mean where it converges fast.
     *
     * @param x from 0 to 1
     * @param rest 1 - x, apart so that the smaller of both is exact
     */
    static double incompleteBeta(double a, double b, double x, double rest) {
        if (x <= 0) {
            return 0;
        }
        if (rest <= 0) {
            return 1;
        }
        double logX = x < rest ? Math.log(x) : Math.log1p(-rest);
        double logRest = x < rest ? Math.log1p(-x) : Math.log(rest);
        double front = Math.exp(a * logX + b * logRest - logBeta(a, b));
        return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, rest) / b;
    }

    private static double fraction(double a, double b, double x) {
        double tiny = 1e-300;
        double c = 1;
        double d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny);
        double h = d;
        for (int m = 1; m <= MAX_STEPS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d, tiny);
            c = nonZero(1 + even / c, tiny);
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d, tiny);
            c = nonZero(1 + odd / c, tiny);
            double step = d * c;
            h *= step;
            if (Math.abs(step - 1) < 1e-15) {
                break;
            }
        }
        return h;
    }

    private static double nonZero(double value, double tiny) {
        return Math.abs(value) < tiny ? tiny : value;
    }
}
