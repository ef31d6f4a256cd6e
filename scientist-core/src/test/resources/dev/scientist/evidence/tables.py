"""Computes the tables beside it, independently of the library (Debian: python3-scipy python3-mpmath):

    python3 tables.py

anytime-rate.csv   beta-binomial mixture confidence sequence: roots found by mpmath with 60 digits
exact-rate.csv     Clopper-Pearson, by the quantiles of scipy.stats.beta
anytime-mean.csv   asymptotic confidence sequence of Waudby-Smith et al., with NumPy and Lambert's W of SciPy
log-beta.csv       the logarithm of the beta function, by mpmath with 60 digits
"""

import csv
import os
from math import log

import mpmath as mp
import numpy as np
from scipy import special, stats

mp.mp.dps = 60

HERE = os.path.dirname(os.path.abspath(__file__))
COUNTS = [(0, 1), (1, 1), (0, 10), (1, 10), (5, 10), (10, 10), (0, 100), (3, 100), (99, 100), (0, 1000), (1, 1000),
          (500, 1000), (17, 4321), (0, 10000), (12, 10000), (9999, 10000), (0, 1000000), (1, 1000000),
          (250000, 1000000), (123, 10000000), (0, 1000000000)]


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[repr(float(x)) if isinstance(x, float) else x for x in row] for row in rows])


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mp.mpf(a) + b)


def anytime_rate(k, n, alpha, a, b):
    level = log_beta(a + k, b + n - k) - log_beta(a, b) + mp.log(alpha)

    def excess(odds):
        # by the logarithm of the odds, in which both ends are far away
        p = 1 / (1 + mp.exp(-odds))
        q = 1 / (1 + mp.exp(odds))
        return level - (k * mp.log(p) if k else 0) - ((n - k) * mp.log(q) if k < n else 0)

    def root(inside, outside):
        assert excess(inside) < 0 < excess(outside)
        for _ in range(150):
            middle = (inside + outside) / 2
            if excess(middle) < 0:
                inside = middle
            else:
                outside = middle
        return float(1 / (1 + mp.exp(-inside)))

    far = mp.mpf(500)
    seen = mp.log(mp.mpf(k) / (n - k)) if 0 < k < n else far if k else -far
    return (0.0 if k == 0 else root(seen, -far)), (1.0 if k == n else root(seen, far))


def anytime_mean(n, mean, variance, alpha):
    # appendix B: rho that is best at t* = 1000, exactly by the lower branch of Lambert's W
    best = (-special.lambertw(-alpha**2 * np.exp(-1), -1).real - 1) / 1000
    # the library's approximation of it, from the same appendix
    rho2 = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / 1000
    assert abs(best / rho2 - 1) < 0.15, (best, rho2)
    s = np.sqrt(variance)
    # as a normal mixture on the scale of the sum, from Robbins (1970), and not as in the paper, to check the algebra
    radius = s / n * np.sqrt((n + 1 / rho2) * log((n * rho2 + 1) / alpha**2))
    return float(mean - radius), float(mean + radius)


write("anytime-rate.csv", ["k", "n", "alpha", "a", "b", "lower", "upper"],
      [(k, n, alpha, a, b, *anytime_rate(k, n, alpha, a, b))
       for k, n in COUNTS for alpha, a, b in [(0.05, 0.5, 0.5), (0.001, 0.5, 0.5), (0.05, 1.0, 20.0)]])
write("exact-rate.csv", ["k", "n", "alpha", "lower", "upper"],
      [(k, n, alpha,
        0.0 if k == 0 else float(stats.beta.ppf(alpha / 2, k, n - k + 1)),
        1.0 if k == n else float(stats.beta.isf(alpha / 2, k + 1, n - k)))
       for k, n in COUNTS for alpha in (0.05, 0.001)])
write("anytime-mean.csv", ["n", "mean", "variance", "alpha", "lower", "upper"],
      [(n, mean, variance, alpha, *anytime_mean(n, mean, variance, alpha))
       for n in (2, 30, 1000, 50000, 10**9) for mean, variance in ((0.0, 1.0), (0.2, 0.04), (-3.0, 25.0))
       for alpha in (0.05, 0.001)])
write("log-beta.csv", ["a", "b", "value"],
      [(a, b, float(log_beta(a, b)))
       for a in (0.5, 1.0, 1.5, 9.5, 10.0, 10.5, 300.5, 1e6 + 0.5, 1e9 + 0.5)
       for b in (0.5, 2.0, 9.9, 12.5, 1e4 + 0.5, 1e9 + 0.5)])
