"""Computes the tables beside it, independently of the library (Debian: python3-scipy python3-mpmath):

    python3 tables.py

anytime-bounds.csv  truncated beta mixture on either side: roots found by mpmath with 60 digits, integrals by SciPy
exact-rate.csv      Clopper-Pearson, by the quantiles of scipy.stats.beta
log-beta.csv        the logarithm of the beta function, by mpmath with 60 digits
"""

import csv
import os

import mpmath as mp
from scipy import stats

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


def anytime_upper(k, n, alpha):
    """Where the average likelihood of the lower rates is 1/alpha times that of the rate."""
    level = log_beta(0.5 + k, 0.5 + n - k) - log_beta(0.5, 0.5) + mp.log(alpha)

    def excess(odds):
        # by the logarithm of the odds, in which both ends are far away
        p = 1 / (1 + mp.exp(-odds))
        q = 1 / (1 + mp.exp(odds))
        # the part of the posterior and of the prior below the rate
        below = 1 - mp.mpf(stats.beta.cdf(float(q), 0.5 + n - k, 0.5 + k))
        prior = 2 / mp.pi * mp.asin(mp.sqrt(p))
        return (level + mp.log(below / prior) - (k * mp.log(p) if k else 0) - (n - k) * mp.log(q))

    inside = mp.log(mp.mpf(k) / (n - k)) if k else mp.mpf(-60)
    outside = mp.mpf(500)
    for _ in range(150):
        middle = (inside + outside) / 2
        if excess(middle) < 0:
            inside = middle
        else:
            outside = middle
    return 1 / (1 + mp.exp(-inside))


def anytime_bounds(k, n, alpha):
    upper = 1.0 if k == n else float(anytime_upper(k, n, alpha))
    lower = 0.0 if k == 0 else float(1 - anytime_upper(n - k, n, alpha))
    return lower, upper


write("anytime-bounds.csv", ["k", "n", "alpha", "lower", "upper"],
      [(k, n, alpha, *anytime_bounds(k, n, alpha)) for k, n in COUNTS for alpha in (0.05, 0.0005)])
write("exact-rate.csv", ["k", "n", "alpha", "lower", "upper"],
      [(k, n, alpha,
        0.0 if k == 0 else float(stats.beta.ppf(alpha / 2, k, n - k + 1)),
        1.0 if k == n else float(stats.beta.isf(alpha / 2, k + 1, n - k)))
       for k, n in COUNTS for alpha in (0.05, 0.001)])
write("log-beta.csv", ["a", "b", "value"],
      [(a, b, float(log_beta(a, b)))
       for a in (0.5, 1.0, 1.5, 9.5, 10.0, 10.5, 300.5, 1e6 + 0.5, 1e9 + 0.5)
       for b in (0.5, 2.0, 9.9, 12.5, 1e4 + 0.5, 1e9 + 0.5)])
