package dev.scientist.evidence;

import dev.scientist.Difference;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.Rendering;
import dev.scientist.gate.Gates;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A page with experiments of all kinds, as a shop may have them after two hours. */
final class PageLab implements AutoCloseable {

    private final Random random = new Random(20_240_607L);
    final EvidenceLab lab = new EvidenceLab(Rendering.showingValues(), settings -> settings);
    final Tolerance tolerance = Tolerance.standard();
    final EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, tolerance);

    /** What is priced. */
    private record Order(String country, String tariff, int lines) {}

    PageLab() {
        Experiment<String> broken = lab.scientist
                .<String>experiment("checkout-tax")
                .gate(Gates.circuitBreaker().build())
                .build();
        Experiment<String> off =
                lab.scientist.<String>experiment("search-ranking").build();
        Experiment<String> price = lab.scientist
                .<String>experiment("pricing")
                .trait("country", Order.class, Order::country)
                .trait("tariff", Order.class, Order::tariff)
                .trait("lines", Order.class, Order::lines)
                .clean(value -> value)
                .comparator((control, candidate) -> control.equals(candidate)
                        ? List.of()
                        : candidate.contains("net")
                                ? List.of(
                                        Difference.of("lines[2].price.net", control, candidate),
                                        Difference.of("total", control, candidate))
                                : List.of(Difference.of("lines[0].price.tax", control, candidate)))
                .ignore("rounding to a cent", (control, candidate) -> candidate.endsWith("~"))
                .baseline(Gates.percent(5))
                .build();
        Experiment<String> slow =
                lab.scientist.<String>experiment("inventory-lookup").build();
        List<Experiment<String>> good = IntStream.range(0, 10)
                .mapToObj(i -> lab.scientist
                        .<String>experiment(List.of(
                                        "addresses",
                                        "basket",
                                        "coupons",
                                        "delivery-dates",
                                        "gift-cards",
                                        "invoices",
                                        "login",
                                        "mail-texts",
                                        "newsletter",
                                        "orders")
                                .get(i))
                        .build())
                .toList();
        Experiment<String> background = lab.scientist
                .<String>experiment("recommendations")
                .execution(Execution.controlFirst())
                .build();
        Experiment<String> young = lab.scientist.<String>experiment("returns").build();
        Experiment<String> several = lab.scientist.<String>experiment("stock").build();
        Experiment<String> promotions =
                lab.scientist.<String>experiment("promotions").build();
        lab.scientist.experiment("warehouse").build();
        lab.scientist.experiment("wish-lists").build();

        for (int minute = 0; minute < 130; minute++) {
            lab.millis.addAndGet(Duration.ofMinutes(1).toMillis());
            boolean bad = minute > 85 && minute < 118;
            for (int run = 0; run < 90; run++) {
                int i = run;
                Order order = new Order(
                        "DE FR IT PL XK".split(" ")[Math.min(4, (int) Math.abs(random.nextGaussian() * 2))],
                        "T" + random.nextInt(4),
                        1 + random.nextInt(40));
                boolean wrong = bad && order.country().equals("XK");
                String right = "Price[net=" + (100 + i) + ".20, currency=EUR]";
                int kind = random.nextInt(400);
                price.run(
                        order,
                        in -> time(40_000, right),
                        in -> time(
                                38_000,
                                wrong
                                        ? right.replace(".20", ".02")
                                        : kind == 0 ? "Price[gross]" : kind == 1 ? right + "~" : right));
                slow.run(() -> time(200_000, "in stock"), () -> time(i % 30 == 0 ? 2_500_000 : 210_000, "in stock"));
                good.forEach(each -> each.run(() -> time(50_000, "ok"), () -> time(50_000, "ok")));
            }
            for (int i = 0; i < 20; i++) {
                several.<RuntimeException>control(() -> time(9_000, "7"))
                        .candidate("sql", () -> time(9_000, "7"))
                        .candidate("cache", () -> time(2_000, random.nextInt(300) == 0 ? "8" : "7"))
                        .run();
                background.run(() -> time(800_000, "[1, 2]"), () -> time(700_000, "[1, 2]"));
            }
            if (minute < 90) {
                off.run(() -> time(1_000_000, "a"), () -> time(900_000, random.nextInt(9) == 0 ? "b" : "a"));
            } else {
                off.switchOff();
            }
            if (minute > 120) {
                young.run(() -> time(1_000, "y"), () -> time(1_000, "y"));
            }
            if (minute < 127) {
                broken.run(() -> time(70_000, "19%"), () -> {
                    if (random.nextInt(3) > 0) {
                        throw new IllegalStateException("no rate");
                    }
                    return "19%";
                });
            }
            promotions.run(() -> time(1_000, "old"), () -> time(1_500, random.nextInt(20) == 0 ? "new" : "old"));
        }
        for (int i = 0; i < 5; i++) {
            broken.run(() -> time(70_000, "19%"), () -> {
                throw new IllegalStateException("no rate");
            });
        }
        lab.millis.addAndGet(Duration.ofSeconds(40).toMillis());
    }

    /** Returns a value after about some time: lognormal. */
    private String time(long nanos, String value) {
        return lab.after((long) (nanos * Math.exp(random.nextGaussian() / 3)), value);
    }

    @Override
    public void close() {
        lab.close();
    }
}
