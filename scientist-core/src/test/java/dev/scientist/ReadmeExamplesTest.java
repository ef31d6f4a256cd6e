package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.scientist.compare.Comparators;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.gate.Gates;
import dev.scientist.publish.RecordingPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The code of the README's guide, compiled and run. {@link ReadmeTest} sees to it that both are the same. */
class ReadmeExamplesTest {

    private final RecordingPublisher published = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder().publisher(published).build();

    // what an application might have

    record User(String login, boolean isOwner, boolean isStaff) {}

    record Widget(String name) {}

    record Decision(boolean isAllowed) {}

    record Order(String id, int lines) {}

    /** The old code. */
    static final class Acl {
        static boolean allows(User user, Widget widget) {
            return user.isOwner();
        }
    }

    /** The new code. */
    static final class Policy {
        static boolean allows(User user, Widget widget) {
            return user.isOwner() || user.isStaff();
        }

        static Decision decide(User user, Widget widget) {
            return new Decision(allows(user, widget));
        }
    }

    static final class Legacy {
        static int price(Order order) {
            return order.lines() * 5;
        }

        static List<String> load(String file) throws IOException {
            throw new IOException(file);
        }
    }

    static final class Rewrite {
        static List<String> load(String file) {
            return List.of(file);
        }

        static int price(Order order) {
            return order.lines() * 5 + order.lines() / 10;
        }
    }

    static final class Basket {
        final List<String> items = new ArrayList<>();

        Basket copy() {
            Basket copy = new Basket();
            copy.items.addAll(items);
            return copy;
        }

        List<String> takeAll() {
            List<String> taken = new ArrayList<>(items);
            items.clear();
            return taken;
        }

        List<String> takeEach() {
            List<String> taken = new ArrayList<>();
            while (!items.isEmpty()) {
                taken.add(items.remove(0));
            }
            return taken;
        }
    }

    static final class Prices {
        int prepared;

        void prepare() {
            prepared++;
        }
    }

    static final class Flags {
        double percentage = 100;
        boolean isOn = true;

        double percentage(String name) {
            return percentage;
        }

        boolean isOn(String name) {
            return isOn;
        }
    }

    static final User STAFF = new User("alice", false, true);
    static final Widget WIDGET = new Widget("gear");

    private Result<?> result() {
        assertThat(published.results()).hasSize(1);
        return published.results().get(0);
    }

    private Comparison<?> comparison() {
        return result().comparisons().get(0);
    }

    // README: first
    final class WidgetAccess {
        private final Experiment<Boolean> permissions;

        WidgetAccess(Scientist scientist) {
            permissions = scientist.<Boolean>experiment("widget-permissions").build();
        }

        boolean allows(User user, Widget widget) {
            return permissions.run(() -> Acl.allows(user, widget), () -> Policy.allows(user, widget));
        }
    }
    // README end

    final class WidgetAccessDefinedWhereUsed {
        // README: first-inline
        boolean allows(User user, Widget widget) {
            return scientist
                    .<Boolean>experiment("widget-permissions", e -> e.gate(Gates.percent(10)))
                    .run(() -> Acl.allows(user, widget), () -> Policy.allows(user, widget));
        }
        // README end
    }

    @Test
    void definesWhereItIsUsed() {
        assertThat(new WidgetAccessDefinedWhereUsed().allows(STAFF, WIDGET)).isFalse();
        assertThat(scientist.find("widget-permissions")).isPresent();
    }

    @Test
    void goesToProduction() {
        AtomicBoolean isOn = new AtomicBoolean(true);
        Switches flags = name -> isOn.get();
        // README: production
        EvidencePublisher evidence = new EvidencePublisher();
        Scientist scientist = Scientist.builder()
                .publisher(new LoggingPublisher())
                .publisher(evidence)
                .enabled(() -> flags.isOn("experiments")) // a switch for all of them
                .build();

        Experiment<List<String>> search = scientist
                .<List<String>>experiment("search")
                .gate(Gates.percent(1)) // start low
                .execution(Execution.background()) // the caller does not wait
                .snapshot(ArrayList::new) // the caller may change its list afterwards
                .build();
        // README end
        for (int i = 0; i < 2_000; i++) {
            List<String> found = search.run(() -> new ArrayList<>(List.of("a")), () -> List.of("a"));
            found.clear();
        }
        isOn.set(false);
        long started = search.counts().started();
        search.run(() -> new ArrayList<>(List.of("a")), () -> List.of("b"));
        scientist.close();

        assertThat(started).isBetween(1L, 100L);
        assertThat(search.counts().started()).isEqualTo(started);
        assertThat(evidence.evidence("search").orElseThrow().candidates().get(0).mismatches())
                .isZero();
    }

    interface Switches {
        boolean isOn(String name);
    }

    @Test
    void runsTheFirstExperiment() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LoggingPublisher.LOGGER_NAME);
        lines.start();
        logger.addAppender(lines);
        try {
            LongSupplier clock = new AtomicLong()::incrementAndGet;
            Scientist scientist = Scientist.builder()
                    .clock(() -> clock.getAsLong() * 250_000)
                    .random(Lab.always(1))
                    .build();

            assertThat(new WidgetAccess(scientist).allows(STAFF, WIDGET)).isFalse();
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(1);
        ReadmeTest.assertAGuideHasLine(
                lines.list.get(0).getLevel() + " " + lines.list.get(0).getFormattedMessage());
    }

    @Test
    void comparesByPredicates() {
        // README: comparing
        Experiment<List<User>> users = scientist
                .<List<User>>experiment("users")
                .matching((control, candidate) -> logins(control).equals(logins(candidate)))
                .errorComparator(Comparators.errorsByClass()) // the messages may differ
                .build();
        // README end
        users.run(() -> List.of(STAFF), () -> List.of(new User("alice", true, true)));
        assertThat(result().matched()).isTrue();

        published.clear();
        assertThatThrownBy(() -> users.run(
                        () -> {
                            throw new IllegalStateException("one");
                        },
                        () -> {
                            throw new IllegalStateException("other");
                        }))
                .hasMessage("one");
        assertThat(result().matched()).isTrue();

        published.clear();
        users.run(() -> List.of(STAFF), List::of);
        assertThat(result().mismatched()).isTrue();
    }

    private static List<String> logins(List<User> users) {
        return users.stream().map(User::login).toList();
    }

    @Test
    void ignoresWhatIsKnown() {
        // README: ignoring
        Experiment<Boolean> permissions = scientist
                .<Boolean>experiment("widget-permissions")
                .ignore("staff are always admins in the new system", (control, candidate) -> !control && candidate)
                .ignoreWhere(
                        "the new system is not warm yet",
                        run -> run.candidate().throwable() instanceof TimeoutException)
                .build();
        // README end
        permissions.run(() -> false, () -> true);
        assertThat(comparison().ignoredBecause()).isEqualTo("staff are always admins in the new system");

        published.clear();
        permissions.run(() -> false, () -> {
            throw new TimeoutException();
        });
        assertThat(comparison().ignoredBecause()).isEqualTo("the new system is not warm yet");

        published.clear();
        permissions.run(() -> true, () -> false);
        assertThat(comparison().outcome()).isEqualTo(Outcome.MISMATCHED);
    }

    @Test
    void cleansValues() {
        // README: cleaning
        Experiment<List<User>> users = scientist
                .<List<User>>experiment("users")
                .clean(found -> found.stream().map(User::login).sorted().toList())
                .build();
        // README end
        users.run(() -> List.of(STAFF), () -> List.of(STAFF));

        assertThat(result().control().cleaned()).isEqualTo(List.of("alice"));
        assertThat(Rendering.cautious().value(result().control())).isEqualTo("[alice]");
    }

    @Test
    void showsValuesOnRequest() {
        // README: showing
        Publisher publisher = new LoggingPublisher().rendering(Rendering.showingValues());
        // README end
        assertThat(publisher).isNotNull();
        scientist.<String>experiment("values").build().run(() -> "text", () -> "text");
        assertThat(Rendering.showingValues().value(result().control())).isEqualTo("text");
    }

    @Test
    void addsContext() {
        String host = "web-1";
        User user = STAFF;
        Widget widget = WIDGET;
        Publisher publisher = published;
        // README: context
        Scientist scientist = Scientist.builder()
                .publisher(publisher)
                .context("host", host)
                .context(() -> Map.of("request", currentRequest()))
                .build();
        Experiment<Boolean> permissions = scientist
                .<Boolean>experiment("widget-permissions")
                .context("team", "widgets")
                .build();

        boolean allowed = permissions
                .control(() -> Acl.allows(user, widget))
                .candidate(() -> Policy.allows(user, widget))
                .context("user", user.login())
                .run();
        // README end
        assertThat(allowed).isFalse();
        assertThat(result().context())
                .containsOnlyKeys("host", "request", "team", "user")
                .containsEntry("user", "alice");
    }

    private static String currentRequest() {
        return "r-1";
    }

    @Test
    void runsSeveralCandidates() {
        User user = STAFF;
        Widget widget = WIDGET;
        Experiment<Boolean> permissions =
                scientist.<Boolean>experiment("widget-permissions").build();
        // README: candidates
        boolean allowed = permissions
                .control(() -> Acl.allows(user, widget))
                .candidate("policy", () -> Policy.allows(user, widget))
                .candidate("decision", () -> Policy.decide(user, widget), Decision::isAllowed)
                .run();
        // README end
        assertThat(allowed).isFalse();
        assertThat(result().comparisons())
                .extracting(comparison -> comparison.candidate().value())
                .isEqualTo(List.of(true, true));
    }

    @Test
    void returnsTheNamedBehavior() {
        User user = STAFF;
        Widget widget = WIDGET;
        Experiment<Boolean> permissions =
                scientist.<Boolean>experiment("widget-permissions").build();
        // README: named
        boolean allowed = permissions
                .candidate("acl", () -> Acl.allows(user, widget))
                .candidate("policy", () -> Policy.allows(user, widget))
                .run("policy");
        // README end
        assertThat(allowed).isTrue();
        assertThat(result().control().name()).isEqualTo("policy");
        assertThat(comparison().candidate().name()).isEqualTo("acl");
    }

    @Test
    void handsTheInputOn() {
        Experiment<Integer> pricing = scientist.<Integer>experiment("pricing").build();
        Order order = new Order("o-1", 2);
        // README: input
        int price = pricing.run(order, Legacy::price, Rewrite::price);
        // README end
        assertThat(price).isEqualTo(10);
        assertThat(result().input()).isSameAs(order);
    }

    private final Experiment<List<String>> loading =
            scientist.<List<String>>experiment("loading").build();

    // README: checked
    List<String> readPrices(String file) throws IOException { // as Legacy.load declares
        return loading.run(file, Legacy::load, Rewrite::load);
    }
    // README end

    @Test
    void throwsWhatTheControlDeclares() {
        Throwable thrown = catchThrowable(() -> readPrices("prices.txt"));

        assertThat(thrown)
                .isExactlyInstanceOf(IOException.class)
                .isSameAs(result().control().throwable());
        assertThat(result().mismatched()).isTrue();
    }

    @Test
    void rampsUp() {
        Flags flags = new Flags();
        // README: ramping
        Experiment<Integer> pricing =
                scientist.<Integer>experiment("pricing").gate(Gates.percent(10)).build();

        Experiment<Integer> taxes = scientist
                .<Integer>experiment("taxes")
                .gate(Gates.percent(() -> flags.percentage("taxes"))) // asked on every run
                .build();

        Experiment<Integer> shipping = scientist
                .<Integer>experiment("shipping")
                .enabled(() -> flags.isOn("shipping"))
                .build();

        Experiment<Integer> discounts = scientist
                .<Integer>experiment("discounts")
                .gate((request, input) -> input instanceof Order order && order.lines() > 100)
                .build();
        // README end
        assertThat(pricing.isOn()).isTrue();

        taxes.run(() -> 1, () -> 1);
        flags.percentage = 0;
        taxes.run(() -> 1, () -> 1);
        assertThat(taxes.counts().started()).isEqualTo(1);

        shipping.run(() -> 1, () -> 1);
        flags.isOn = false;
        shipping.run(() -> 1, () -> 1);
        assertThat(shipping.counts().started()).isEqualTo(1);

        discounts.run(new Order("small", 1), Legacy::price, Rewrite::price);
        discounts.run(new Order("large", 200), Legacy::price, Rewrite::price);
        assertThat(discounts.counts().started()).isEqualTo(1);
    }

    @Test
    void runsOnlyUnderACondition() {
        Experiment<Boolean> permissions =
                scientist.<Boolean>experiment("widget-permissions").build();
        User user = new User("bob", true, false);
        Widget widget = WIDGET;
        // README: condition
        boolean allowed = permissions
                .control(() -> Acl.allows(user, widget))
                .candidate(() -> Policy.allows(user, widget))
                .runIf(() -> user.isStaff())
                .run();
        // README end
        assertThat(allowed).isTrue();
        assertThat(published.results()).isEmpty();
    }

    @Test
    void switchesOff() {
        Experiment<Integer> pricing = scientist.<Integer>experiment("pricing").build();
        // README: switching
        pricing.switchOff(); // and switchOn() again
        scientist.find("pricing").ifPresent(Experiment::switchOff); // by name, such as from an admin page
        scientist.switchOff(); // all of them
        // README end
        pricing.run(() -> 1, () -> 2);
        assertThat(published.results()).isEmpty();

        scientist.switchOn();
        pricing.run(() -> 1, () -> 2);
        assertThat(result().mismatched()).isTrue();
    }

    @Test
    void runsInAFixedOrder() {
        // README: order
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .execution(Execution.controlFirst())
                .build();
        // README end
        for (int i = 0; i < 50; i++) {
            pricing.run(() -> 1, () -> 1);
        }
        assertThat(published.results())
                .hasSize(50)
                .allMatch(result -> result.order().equals(List.of("control", "candidate")));
    }

    @Test
    void runsHooks() {
        Prices prices = new Prices();
        List<Result<?>> seen = new ArrayList<>();
        // README: hooks
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .beforeRun(() -> prices.prepare())
                .afterRun(result -> seen.add(result))
                .build();
        // README end
        pricing.switchOff();
        pricing.run(() -> 1, () -> 1);
        pricing.switchOn();
        pricing.run(() -> 1, () -> 1);

        assertThat(prices.prepared).isEqualTo(1);
        assertThat(seen).containsExactly(result());
    }

    // README: publisher
    /** Counts runs, and those whose candidate took more than twice the control's time. */
    final class SlowRuns implements Publisher {
        private final LongAdder runs = new LongAdder();
        private final LongAdder slow = new LongAdder();

        @Override
        public void publish(Result<?> result) {
            runs.increment();
            if (result.comparisons().get(0).candidate().nanos()
                    > 2 * result.control().nanos()) {
                slow.increment();
            }
        }

        @Override
        public void dropped(Experiment<?> experiment, Drop reason) {
            runs.increment(); // a run that was started ends as a result or as a drop
        }
    }
    // README end

    @Test
    void publishesToTheUsersOwn() {
        SlowRuns slowRuns = new SlowRuns();
        RecordingPublisher recent = new RecordingPublisher(100);
        // README: publishing
        Scientist scientist = Scientist.builder()
                .publisher(new LoggingPublisher().linesPerSecond(1))
                .publisher(slowRuns)
                .build();
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .publisher(recent) // for this experiment only, after the others
                .build();
        // README end
        pricing.run(() -> 1, () -> 1);
        assertThat(slowRuns.runs.sum()).isEqualTo(1);
        assertThat(recent.results()).hasSize(1);
    }

    @Test
    void countsSlowRuns() {
        SlowRuns slowRuns = new SlowRuns();
        AtomicLong clock = new AtomicLong();
        Experiment<Long> pricing = Scientist.builder()
                .publisher(slowRuns)
                .clock(clock::get)
                .build()
                .<Long>experiment("pricing")
                .build();
        pricing.run(() -> clock.addAndGet(1), () -> clock.addAndGet(3));
        pricing.run(() -> clock.addAndGet(1), () -> clock.addAndGet(2));

        assertThat(slowRuns.runs.sum()).isEqualTo(2);
        assertThat(slowRuns.slow.sum()).isEqualTo(1);
    }

    @Test
    void runsControlsAloneInUnitTests() {
        User user = STAFF;
        Widget widget = WIDGET;
        // README: control-only
        WidgetAccess access = new WidgetAccess(Scientist.controlOnly());

        assertThat(access.allows(user, widget)).isFalse();
        // README end
    }

    @Test
    void raisesInTests() {
        User user = STAFF;
        Widget widget = WIDGET;
        // README: raising
        Scientist scientist = Scientist.builder().raiseOnMismatch(true).build();

        assertThatThrownBy(() -> new WidgetAccess(scientist).allows(user, widget))
                .isInstanceOf(MismatchError.class)
                .hasMessage("experiment 'widget-permissions': control returned false, candidate returned true");
        // README end
    }

    @Test
    void raisesTheUsersOwnError() {
        // README: raise-own
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .raiseOnMismatch(true)
                .mismatchError(result -> new IllegalStateException("prices differ: " + result.order()))
                .build();
        // README end
        assertThat(catchThrowable(() -> pricing.run(() -> 1, () -> 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("prices differ: [");
    }

    @Test
    void measuresExactly() {
        // README: exact
        RecordingPublisher results = new RecordingPublisher();
        AtomicLong clock = new AtomicLong();
        Scientist scientist = Scientist.builder()
                .publisher(results)
                .clock(clock::get)
                .random(new Random(42)) // the same order on every run of the test
                .build();

        scientist.<Integer>experiment("pricing").build().run(() -> 1, () -> {
            clock.addAndGet(3_000_000);
            return 1;
        });

        Result<?> result = results.results().get(0);
        assertThat(result.matched()).isTrue();
        assertThat(result.comparisons().get(0).candidate().duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(result.control().duration()).isZero();
        // README end
    }

    @Test
    void reportsFailures() {
        List<String> tracked = new ArrayList<>();
        // README: failures
        Scientist scientist = Scientist.builder()
                .failureHandler((experiment, operation, failure) ->
                        tracked.add(experiment + ": " + operation + ": " + failure.getClass()))
                .build();
        // README end
        Experiment<Integer> pricing = scientist
                .<Integer>experiment("pricing")
                .matching((control, candidate) -> {
                    throw new IllegalStateException("broken");
                })
                .build();

        assertThat(pricing.run(() -> 1, () -> 2)).isEqualTo(1);
        assertThat(tracked).containsExactly("pricing: COMPARE: class java.lang.IllegalStateException");
    }

    @Test
    void copiesWhatBehaviorsChange() {
        Basket basket = new Basket();
        basket.items.addAll(List.of("apple", "pear"));
        // README: mutable
        Experiment<List<String>> checkout = scientist
                .<List<String>>experiment("checkout")
                .snapshotInput(Basket.class, Basket::copy) // for the candidates, made before any behavior runs
                .snapshot(ArrayList::new) // for comparator and publishers, made before the caller gets the value
                .build();

        List<String> bought = checkout.run(basket, Basket::takeAll, Basket::takeEach);
        // README end
        bought.clear();

        assertThat(basket.items).isEmpty();
        assertThat(comparison().control().value()).isEqualTo(List.of("apple", "pear"));
        assertThat(comparison().candidate().value()).isEqualTo(List.of("apple", "pear"));
        assertThat(result().matched()).isTrue();
    }
}
