package dev.scientist.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.scientist.Experiment;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.publish.RecordingPublisher;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of the guides on rollouts and on changing a schema, compiled and run. */
class GuideRolloutTest {

    record Order(int customer, BigDecimal net) {}

    static final class Legacy {
        static BigDecimal price(Order order) {
            return order.net().multiply(new BigDecimal("1.20"));
        }
    }

    static final class Rewrite {
        static BigDecimal price(Order order) {
            if (order.customer() < 0) {
                throw new IllegalArgumentException("no such customer");
            }
            return order.net().add(order.net().divide(new BigDecimal("5")));
        }
    }

    private final RecordingPublisher results = new RecordingPublisher();
    private final EvidencePublisher evidence = new EvidencePublisher();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Scientist scientist = Scientist.builder()
            .publisher(results)
            .publisher(evidence)
            .failureHandler((experiment, operation, failure) -> failures.add(failure.getMessage()))
            .build();

    @AfterEach
    void close() {
        scientist.close();
    }

    private static Order order(int customer) {
        return new Order(customer, new BigDecimal("10.00"));
    }

    @Test
    void goesFromShadowToCanary() {
        // README: rollout-start
        Experiment<BigDecimal> experiment = scientist
                .<BigDecimal>experiment("pricing")
                .comparator(Comparators.numericValue())
                .build();
        Rollout<BigDecimal> pricing = Rollout.of(experiment)
                .canary(Gates.stickyPercent(5, Order.class, Order::customer))
                .wayBack(WayBack.standard())
                .build();

        pricing.moveTo(Stage.SHADOW);
        // README end
        Order order = order(7);
        // README: rollout-run
        BigDecimal price = pricing.run(order, Legacy::price, Rewrite::price);
        // README end
        assertThat(price).isEqualByComparingTo("12");
        assertThat(results.results().get(0).matched()).isTrue();

        // README: rollout-advice
        String advice = pricing.advice(evidence, Tolerance.standard());
        // README end
        assertThat(advice).startsWith("pricing is in SHADOW: CANARY is not backed yet: ");

        pricing.moveTo(Stage.CANARY);
        int rescued = 0;
        for (int customer = -200; customer < 0; customer++) {
            assertThat(pricing.run(order(customer), Legacy::price, Rewrite::price))
                    .isEqualByComparingTo("12");
            rescued += results.results().get(results.results().size() - 1).rescued() ? 1 : 0;
        }
        assertThat(rescued).isEqualTo(5); // then it fell back
        assertThat(pricing.stage()).isEqualTo(Stage.SHADOW);

        // README: rollout-acknowledge
        String why = pricing.fellBackBecause(); // "5 rescues in 5 runs; the limit is 5 in 1,000"
        pricing.acknowledge(); // the stage that is set is in force again
        // README end
        assertThat(why).isEqualTo("5 rescues in 5 runs; the limit is 5 in 1,000");
        assertThat(pricing.stage()).isEqualTo(Stage.CANARY);
    }

    @Test
    void limitsAreTheTeams() {
        Map<String, String> flags = new ConcurrentHashMap<>(Map.of("pricing", "canary"));
        Experiment<BigDecimal> experiment =
                scientist.<BigDecimal>experiment("pricing").build();
        // README: rollout-way-back
        Rollout<BigDecimal> pricing = Rollout.of(experiment)
                .stage(() -> Stage.of(flags.get("pricing")))
                .canary(Gates.stickyPercent(5, Order.class, Order::customer))
                .wayBack(WayBack.standard().window(500).mismatchRate(0.002)) // the first mismatch
                .onWayBack(reason -> flags.put("pricing", "shadow")) // for the whole fleet
                .build();
        // README end
        int wrong = 0;
        for (int customer = 0; customer < 1_000; customer++) {
            wrong += pricing.run(order(customer), Legacy::price, any -> BigDecimal.ONE)
                            .equals(BigDecimal.ONE)
                    ? 1
                    : 0;
        }
        assertThat(wrong).isEqualTo(1);
        assertThat(flags).containsEntry("pricing", "shadow");
        assertThat(experiment.serving().fellBack()).isFalse(); // the flag was moved
    }

    /** With the real SDK and its provider that keeps flags in memory. */
    @Test
    void openFeatureSaysStageAndPercentage() {
        InMemoryProvider provider = new InMemoryProvider(new ConcurrentHashMap<>());
        OpenFeatureAPI.getInstance().setProviderAndWait(provider);
        provider.updateFlag("pricing-stage", flag("shadow"));
        provider.updateFlag("pricing-percent", flag(0.0));
        Experiment<BigDecimal> experiment = scientist
                .<BigDecimal>experiment("pricing")
                .comparator(Comparators.numericValue())
                .build();
        // README: rollout-openfeature
        Client flags = OpenFeatureAPI.getInstance().getClient();
        Rollout<BigDecimal> pricing = Rollout.of(experiment)
                .stage(() -> Stage.of(flags.getStringValue("pricing-stage", "unknown")))
                .canary(Gates.stickyPercent(
                        () -> flags.getDoubleValue("pricing-percent", Double.NaN), Order.class, Order::customer))
                .build();
        // README end
        assertThat(pricing.stage()).isEqualTo(Stage.SHADOW);
        provider.updateFlag("pricing-stage", flag("canary"));
        pricing.run(order(1), Legacy::price, Rewrite::price);
        assertThat(served()).isEqualTo("control");
        provider.updateFlag("pricing-percent", flag(100.0));
        pricing.run(order(1), Legacy::price, Rewrite::price);
        assertThat(served()).isEqualTo("candidate");
        assertThat(failures).isEmpty();

        // the flags are gone: the stage stays, nobody is let in, and both are said
        OpenFeatureAPI.getInstance().setProviderAndWait(new InMemoryProvider(Map.of()));
        assertThat(pricing.stage()).isEqualTo(Stage.CANARY);
        pricing.run(order(1), Legacy::price, Rewrite::price);
        assertThat(served()).isEqualTo("control");
        assertThat(failures)
                .contains(
                        "there is no stage 'unknown', only [control, shadow, canary, candidate]",
                        "percent must be from 0 to 100, not NaN");
        OpenFeatureAPI.getInstance().shutdown();
    }

    private String served() {
        return results.results().get(results.results().size() - 1).served().name();
    }

    private static <T> Flag<T> flag(T value) {
        return Flag.<T>builder().variant("on", value).defaultVariant("on").build();
    }

    // ---- changing a schema ----

    record Customer(String first, String last) {}

    /** A table before and after: one column for the name, then two. */
    static final class Tables {
        final Map<Integer, String> names = new ConcurrentHashMap<>();
        final Map<Integer, Customer> customers = new ConcurrentHashMap<>();

        void saveOld(int id, Customer customer) {
            names.put(id, customer.first() + " " + customer.last());
        }

        void saveNew(int id, Customer customer) {
            customers.put(id, customer);
        }

        Customer readOld(int id) {
            String[] parts = names.get(id).split(" ", 2);
            return new Customer(parts[0], parts[1]);
        }

        Customer readNew(int id) {
            return customers.get(id);
        }
    }

    @Test
    void aSchemaIsChangedInSteps() {
        Tables tables = new Tables();
        List<Integer> wrong = new ArrayList<>();
        tables.saveOld(1, new Customer("Ada", "Lovelace")); // from before
        // README: schema-write
        class Customers {
            void save(int id, Customer customer) { // no experiment: both are to happen
                tables.saveOld(id, customer);
                tables.saveNew(id, customer);
            }
        }
        // README end
        new Customers().save(2, new Customer("Grace", "Hopper"));
        // README: schema-read
        Rollout<Customer> reading = Rollout.of(scientist
                        .<Customer>experiment("customers-read")
                        .afterRun(result -> {
                            if (result.mismatched() && result.input() instanceof Integer id) {
                                wrong.add(id); // to be copied again
                            }
                        })
                        .build())
                .canary(Gates.stickyPercent(1, Integer.class, id -> id))
                .build();
        reading.moveTo(Stage.SHADOW);

        Customer customer = reading.run(2, tables::readOld, tables::readNew);
        // README end
        assertThat(customer).isEqualTo(new Customer("Grace", "Hopper"));
        assertThat(reading.run(1, tables::readOld, tables::readNew)).isEqualTo(new Customer("Ada", "Lovelace"));
        assertThat(wrong).containsExactly(1);
    }
}
