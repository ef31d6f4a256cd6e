package dev.scientist.benchmarks;

import java.util.List;

/** What one run of the suite measured, as it is written to a file. */
record Measurements(String machine, int rounds, List<Figure> figures, List<Target> targets) {}
