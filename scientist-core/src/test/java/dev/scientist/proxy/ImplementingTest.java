package dev.scientist.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scientist.Experiment;
import dev.scientist.Result;
import dev.scientist.Scientist;
import dev.scientist.proxy.shelf.Shelf;
import dev.scientist.publish.RecordingPublisher;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImplementingTest {

    /** One of each kind of method. */
    interface Shop<K> {
        String quote(K article);

        int quote(K article, int count);

        long total();

        String joined(String separator, String... parts);

        default String greeting(String name) {
            return "hello " + name + ", " + total();
        }

        void order(String article);

        @Experimented
        void touch(String article);

        @NotExperimented
        String book(String article);

        CompletionStage<String> later(String article);

        CompletionStage<Void> done(String article);

        String load(String path) throws IOException;

        static String name() {
            return "static";
        }
    }

    static class OneShop implements Shop<String> {
        final List<String> calls = new ArrayList<>();
        final String mark;
        Throwable thrown = new IOException("disk");
        CompletionStage<String> stage = CompletableFuture.completedFuture("x");

        OneShop(String mark) {
            this.mark = mark;
        }

        @Override
        public String quote(String article) {
            calls.add("quote " + article);
            return mark + article;
        }

        @Override
        public int quote(String article, int count) {
            calls.add("quote " + article + " " + count);
            return count * 2;
        }

        @Override
        public long total() {
            calls.add("total");
            return 42;
        }

        @Override
        public String joined(String separator, String... parts) {
            return String.join(separator, parts);
        }

        @Override
        public void order(String article) {
            calls.add("order " + article);
        }

        @Override
        public void touch(String article) {
            calls.add("touch " + article);
        }

        @Override
        public String book(String article) {
            calls.add("book " + article);
            return article;
        }

        @Override
        public CompletionStage<String> later(String article) {
            return stage;
        }

        @Override
        public CompletionStage<Void> done(String article) {
            calls.add("done " + article);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public String load(String path) throws IOException {
            if (thrown instanceof IOException checked) {
                throw checked;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }

        @Override
        public String toString() {
            return "shop " + mark;
        }
    }

    private final RecordingPublisher results = new RecordingPublisher();
    private final Scientist scientist = Scientist.builder()
            .publisher(results)
            .failureHandler((experiment, operation, failure) -> {
                throw new AssertionError(experiment + " " + operation, failure);
            })
            .build();
    private final OneShop legacy = new OneShop("old ");
    private final OneShop rewrite = new OneShop("new ");

    @AfterEach
    void close() {
        scientist.close();
    }

    @SuppressWarnings("unchecked")
    private Implementing<Shop<String>> implementing() {
        return Implementing.of(scientist, (Class<Shop<String>>) (Class<?>) Shop.class);
    }

    private Shop<String> shop() {
        return implementing().control(legacy).candidate(rewrite).build();
    }

    private Result<?> result() {
        assertThat(results.results()).hasSize(1);
        return results.results().get(0);
    }

    @Test
    void eachMethodIsAnExperimentOfAStableName() {
        shop();

        assertThat(scientist.experiments().stream().map(Experiment::name))
                .containsExactlyInAnyOrder(
                        "shop.quote(Object)",
                        "shop.quote(Object,int)",
                        "shop.total",
                        "shop.joined",
                        "shop.greeting",
                        "shop.touch",
                        "shop.later",
                        "shop.load");
    }

    @Test
    void callersGetTheControlAndMismatchesArePublished() {
        assertThat(shop().quote("pen")).isEqualTo("old pen");

        assertThat(legacy.calls).containsExactly("quote pen");
        assertThat(rewrite.calls).containsExactly("quote pen");
        assertThat(result().experiment().name()).isEqualTo("shop.quote(Object)");
        assertThat(result().mismatched()).isTrue();
        assertThat(result().input()).isEqualTo("pen");
        assertThat(result().comparisons().get(0).candidate().value()).isEqualTo("new pen");
    }

    @Test
    void severalArgumentsAreAnInputThatShowsNothing() {
        assertThat(shop().quote("secret", 4)).isEqualTo(8);

        assertThat(result().input()).isEqualTo(Arguments.of("secret", 4)).hasSameHashCodeAs(Arguments.of("secret", 4));
        assertThat(((Arguments) result().input()).values()).containsExactly("secret", 4);
        assertThat(result().input()).hasToString("2 arguments");
        assertThat(result().toString()).doesNotContain("secret");
    }

    @Test
    void argumentsAreACopyOfTheArray() {
        Object[] array = {"a", null};
        Arguments arguments = Arguments.of(array);
        array[0] = "b";

        assertThat(arguments.get(0)).isEqualTo("a");
        assertThat(arguments.get(1)).isNull();
        assertThatThrownBy(() -> arguments.values().set(0, "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aMethodWithoutParametersHasNoInput() {
        assertThat(shop().total()).isEqualTo(42);

        assertThat(result().input()).isNull();
        assertThat(result().matched()).isTrue();
    }

    @Test
    void passesNullAndArraysOfArgumentsOn() {
        Shop<String> shop = shop();

        assertThat(shop.quote(null)).isEqualTo("old null");
        assertThat(shop.joined("-", "a", "b")).isEqualTo("a-b");
        assertThat(shop.joined("-")).isEmpty();
    }

    @Test
    void aDefaultMethodIsAnExperimentOnWhatEachImplementationMakesOfIt() {
        assertThat(shop().greeting("Ann")).isEqualTo("hello Ann, 42");

        assertThat(result().experiment().name()).isEqualTo("shop.greeting");
        assertThat(legacy.calls).containsExactly("total");
        assertThat(rewrite.calls).containsExactly("total");
    }

    @Test
    void commandsAreLeftToTheControlUnlessAskedFor() {
        Shop<String> shop = shop();
        shop.order("pen");
        shop.done("pen");
        shop.book("pen");
        shop.touch("pen");

        assertThat(legacy.calls).containsExactly("order pen", "done pen", "book pen", "touch pen");
        assertThat(rewrite.calls).containsExactly("touch pen");
        assertThat(result().experiment().name()).isEqualTo("shop.touch");
        assertThat(result().matched()).isTrue();
    }

    @Test
    void throwsTheVeryThrowableOfTheControl() {
        Shop<String> shop = shop();
        for (Throwable thrown :
                List.of(new IOException("gone"), new IllegalStateException("no"), new AssertionError("broken"))) {
            legacy.thrown = thrown;

            assertThat(catchThrowable(() -> shop.load("x"))).isSameAs(thrown);
            assertThat(thrown.getSuppressed()).isEmpty();
        }
        assertThat(results.results()).hasSize(3);
        assertThat(results.results().get(0).matched()).isFalse();
        assertThat(results.results().get(0).comparisons().get(0).candidate().throwable())
                .isSameAs(rewrite.thrown);
    }

    @Test
    void throwsTheVeryThrowableOfAMethodLeftOut() {
        Shop<String> shop = implementing()
                .control(legacy)
                .candidate(rewrite)
                .methods(method -> method.getName().equals("total"))
                .build();

        assertThat(catchThrowable(() -> shop.load("x"))).isSameAs(legacy.thrown);
        assertThat(results.results()).isEmpty();
    }

    @Test
    void aStageIsComparedOnceItIsCompleteAndReturnedAsItIs() {
        CompletableFuture<String> old = new CompletableFuture<>();
        CompletableFuture<String> rewritten = new CompletableFuture<>();
        legacy.stage = old;
        rewrite.stage = rewritten;

        assertThat(shop().later("pen")).isSameAs(old);

        assertThat(results.results()).isEmpty();
        old.complete("a");
        rewritten.complete("b");
        scientist.close();
        assertThat(result().control().value()).isEqualTo("a");
        assertThat(result().comparisons().get(0).candidate().value()).isEqualTo("b");
        assertThat(result().mismatched()).isTrue();
        assertThat(result().input()).isEqualTo("pen");
    }

    @Test
    void aPredicateDecidesInPlaceOfTheAnnotations() {
        Shop<String> shop = implementing()
                .control(legacy)
                .candidate(rewrite)
                .methods(method -> method.getName().equals("order"))
                .build();
        shop.order("pen");
        shop.quote("pen");

        assertThat(scientist.experiments()).hasSize(1);
        assertThat(rewrite.calls).containsExactly("order pen");
    }

    @Test
    void settingsAreByMethod() {
        Shop<String> shop = implementing()
                .control(legacy)
                .candidate(rewrite)
                .settings((method, experiment) -> {
                    if (method.getName().equals("quote") && method.getParameterCount() == 1) {
                        experiment.enabled(() -> false);
                    } else if (method.getName().equals("total")) {
                        experiment.context("by", "settings");
                    }
                })
                .build();
        shop.quote("pen");
        shop.total();

        assertThat(rewrite.calls).containsExactly("total");
        assertThat(result().context()).isEqualTo(Map.of("by", "settings"));
    }

    @Test
    void anInputSnapshotReplacesTheArguments() {
        Shop<String> shop = implementing()
                .control(legacy)
                .candidate(rewrite)
                .methods(method ->
                        method.getParameterCount() == 2 && method.getName().equals("quote"))
                .settings((method, experiment) -> experiment.snapshotInput(
                        Arguments.class, arguments -> Arguments.of(arguments.get(0), arguments.get(1))))
                .build();

        assertThat(shop.quote("pen", 3)).isEqualTo(6);
        assertThat(result().matched()).isTrue();
        assertThat(rewrite.calls).containsExactly("quote pen 3");
    }

    @Test
    void anInputSnapshotOfTooManyArgumentsIsTheCandidatesFailure() {
        Shop<String> shop = implementing()
                .control(legacy)
                .candidate(rewrite)
                .methods(method ->
                        method.getParameterCount() == 2 && method.getName().equals("quote"))
                .settings((method, experiment) -> experiment.snapshotInput(
                        Arguments.class, arguments -> Arguments.of(arguments.get(0), arguments.get(1), "more")))
                .build();

        assertThat(shop.quote("pen", 3)).isEqualTo(6);
        assertThat(result().comparisons().get(0).candidate().throwable())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the method has 2 parameters: a snapshot of the input must be of as many arguments, not 3");
        assertThat(rewrite.calls).isEmpty();
    }

    @Test
    void objectMethodsAreTheControls() {
        Shop<String> shop = shop();
        Shop<String> other =
                implementing().named("other").control(legacy).candidate(rewrite).build();

        assertThat(shop).hasToString("shop old ");
        assertThat(shop.hashCode()).isEqualTo(legacy.hashCode());
        assertThat(shop.equals(shop)).isTrue();
        assertThat(shop.equals(other)).isTrue();
        assertThat(shop.equals(legacy)).isTrue();
        assertThat(shop.equals(rewrite)).isFalse();
        assertThat(shop.equals(null)).isFalse();
        assertThat(results.results()).isEmpty();
        assertThat(rewrite.calls).isEmpty();
    }

    interface Narrowed extends Supplier<String> {
        @Override
        String get();
    }

    @Test
    void aBridgeLeadsToTheMethodOfTheNarrowerType() {
        Supplier<String> erased = Implementing.of(scientist, Narrowed.class)
                .control(() -> "a")
                .candidate(() -> "b")
                .build();

        assertThat(erased.get()).isEqualTo("a");
        assertThat(result().experiment().name()).isEqualTo("narrowed.get");
        assertThat(result().mismatched()).isTrue();
    }

    interface Nothing {
        Void nothing();

        int something();
    }

    @Test
    void methodsThatReturnNothingAreTheControlsWhateverNothingIs() {
        Implementing.of(scientist, Nothing.class)
                .control(answering(Nothing.class))
                .candidate(answering(Nothing.class))
                .build();

        assertThat(scientist.experiments()).extracting(Experiment::name).containsExactly("nothing.something");
    }

    interface Greeting<T> {
        T greet(T name);
    }

    /** Its default method has a bridge, which takes any object. */
    interface EnglishGreeting extends Greeting<String> {
        @Override
        default String greet(String name) {
            return "hello " + name;
        }
    }

    @Test
    void theBridgeOfADefaultMethodLeadsToTheImplementations() {
        Greeting<String> greeting = Implementing.of(scientist, EnglishGreeting.class)
                .control(new EnglishGreeting() {})
                .candidate(new EnglishGreeting() {
                    @Override
                    public String greet(String name) {
                        return "goodbye " + name;
                    }
                })
                .build();

        assertThat(greeting.greet("you")).isEqualTo("hello you");
        assertThat(result().comparisons().get(0).candidate().value()).isEqualTo("goodbye you");
    }

    interface Many {
        String three(String a, int b, long... c);

        double six(byte a, short b, char c, float d, double e, Object f);
    }

    @Test
    void methodsMayHaveAnyNumberOfParameters() {
        Many sums = new Many() {
            @Override
            public String three(String a, int b, long... c) {
                return a + b + Arrays.toString(c);
            }

            @Override
            public double six(byte a, short b, char c, float d, double e, Object f) {
                return a + b + c + d + e + f.hashCode();
            }
        };
        Many many = Implementing.of(scientist, Many.class)
                .control(sums)
                .candidate(new Many() {
                    @Override
                    public String three(String a, int b, long... c) {
                        return sums.three(a, b, c);
                    }

                    @Override
                    public double six(byte a, short b, char c, float d, double e, Object f) {
                        return sums.six(a, b, c, d, e, f) + 1;
                    }
                })
                .build();

        assertThat(many.three("a", 2, 3, 4)).isEqualTo("a2[3, 4]");
        assertThat(result().matched()).isTrue();
        results.clear();
        assertThat(many.six((byte) 1, (short) 2, (char) 3, 4, 5, 6)).isEqualTo(21);
        assertThat(result().mismatched()).isTrue();
        assertThat(((Arguments) result().input()).values()).hasSize(6).contains('\u0003', 5.0);
    }

    interface Primitives {
        boolean one(char a) throws IOException;

        double two(byte a, float b) throws IOException;
    }

    @Test
    void primitivesAndCheckedExceptionsGoThroughAsTheyAre() throws IOException {
        IOException gone = new IOException("gone");
        Primitives control = new Primitives() {
            @Override
            public boolean one(char a) throws IOException {
                if (a == 0) {
                    throw gone;
                }
                return a == 'a';
            }

            @Override
            public double two(byte a, float b) throws IOException {
                if (a == 0) {
                    throw gone;
                }
                return a + b;
            }
        };
        Primitives both = Implementing.of(scientist, Primitives.class)
                .control(control)
                .candidate(new Primitives() {
                    @Override
                    public boolean one(char a) throws IOException {
                        return control.one(a);
                    }

                    @Override
                    public double two(byte a, float b) throws IOException {
                        return control.two(a, b);
                    }
                })
                .build();

        assertThat(both.one('a')).isTrue();
        assertThat(both.one('b')).isFalse();
        assertThat(both.two((byte) 1, 0.5f)).isEqualTo(1.5);
        assertThat(catchThrowable(() -> both.one((char) 0))).isSameAs(gone);
        assertThat(catchThrowable(() -> both.two((byte) 0, 1))).isSameAs(gone);
        assertThat(results.results()).hasSize(5).allMatch(Result::matched);
    }

    /** Its package is closed to us, and its class loader does not see us. */
    @Test
    void methodsOfTheJdksInterfacesMayHaveAnyNumberOfParameters() {
        @SuppressWarnings("unchecked")
        Comparator<String> comparator = Implementing.of(scientist, Comparator.class)
                .control(Comparator.<String>naturalOrder())
                .candidate(String.CASE_INSENSITIVE_ORDER)
                .methods(method -> method.getName().equals("compare"))
                .build();
        @SuppressWarnings("unchecked")
        UnaryOperator<String> operator = Implementing.of(scientist, UnaryOperator.class)
                .control(text -> text + "a")
                .candidate(text -> text + "b")
                .methods(method -> method.getName().equals("apply"))
                .build();

        assertThat(comparator.compare("a", "B")).isPositive();
        assertThat(result().mismatched()).isTrue();
        results.clear();
        assertThat(operator.apply("x")).isEqualTo("xa");
        assertThat(result().comparisons().get(0).candidate().value()).isEqualTo("xb");
    }

    /** The compiler's bridge takes a type that this package has no access to, and could lead to either method. */
    interface BookShelf extends Shelf<Shelf.Item.Book> {
        @Override
        default String put(Shelf.Item.Book book) {
            return "upright";
        }

        default String put(Shelf.Item.Vase vase) {
            return "on top";
        }
    }

    @Test
    void typesThatTheInterfaceHasNoAccessToAreNotAskedFor() {
        Shelf<Shelf.Item.Book> shelf = Implementing.of(scientist, BookShelf.class)
                .control(new BookShelf() {})
                .candidate(new BookShelf() {})
                .build();

        assertThat(shelf.put(new Shelf.Item.Book())).isEqualTo("upright");
    }

    interface Wide {
        Object get();
    }

    interface Both extends Wide, Supplier<String> {
        @Override
        String get();
    }

    @Test
    void aMethodOfSeveralInterfacesIsOneExperiment() {
        Both both = Implementing.of(scientist, Both.class)
                .control(() -> "a")
                .candidate(() -> "a")
                .build();

        both.get();
        ((Wide) both).get();
        ((Supplier<?>) both).get();
        assertThat(scientist.experiments()).hasSize(1);
        assertThat(results.results()).hasSize(3).allMatch(Result::matched);
    }

    interface Named {
        Object name();

        Integer size();
    }

    interface Sized {
        String name();

        Number size();
    }

    /** Declares neither again, so that it has two methods of each name, and no bridge. */
    interface NamedAndSized extends Named, Sized {}

    @Test
    void ofTwoInterfacesTheMethodWithTheNarrowerReturnTypeIsAskedAbout() {
        List<Class<?>> asked = new ArrayList<>();
        class Text implements NamedAndSized {
            @Override
            public String name() {
                return "a";
            }

            @Override
            public Integer size() {
                return 1;
            }
        }
        NamedAndSized both = Implementing.of(scientist, NamedAndSized.class)
                .control(new Text())
                .candidate(new Text())
                .settings((method, experiment) -> asked.add(method.getReturnType()))
                .build();

        assertThat(asked).containsExactlyInAnyOrder(String.class, Integer.class);
        assertThat(((Named) both).name()).isEqualTo("a");
        assertThat(((Sized) both).name()).isEqualTo("a");
        assertThat(((Named) both).size()).isEqualTo(1);
        assertThat(((Sized) both).size()).isEqualTo(1);
        assertThat(results.results())
                .extracting(result -> result.experiment().name())
                .containsExactly(
                        "named-and-sized.name", "named-and-sized.name", "named-and-sized.size", "named-and-sized.size");
    }

    interface Doubling<N extends Number> {
        N twice(N number);
    }

    interface WholeDoubling extends Doubling<Integer> {
        @Override
        default Integer twice(Integer number) {
            return 2 * number;
        }

        default String twice(String text) {
            return text + text;
        }
    }

    @Test
    void aBridgeLeadsToNoOverloadThatItCannotCall() {
        Doubling<Integer> doubling = Implementing.of(scientist, WholeDoubling.class)
                .control(new WholeDoubling() {})
                .candidate(new WholeDoubling() {})
                .build();

        assertThat(doubling.twice(4)).isEqualTo(8);
        assertThat(result().experiment().name()).isEqualTo("whole-doubling.twice(Integer)");
    }

    @Test
    void whoeverHasTheHandlerGetsTheSameFromIt() throws Throwable {
        java.lang.reflect.InvocationHandler handler = java.lang.reflect.Proxy.getInvocationHandler(shop());

        for (int i = 0; i < 100; i++) {
            // a method object of its own each time
            assertThat(handler.invoke(null, Shop.class.getMethod("quote", Object.class), new Object[] {"pen " + i}))
                    .isEqualTo("old pen " + i);
        }
        assertThat(results.results()).hasSize(100);
        assertThatThrownBy(() -> handler.invoke(null, List.class.getMethod("size"), null))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("a method that the interface did not have: ")
                .hasMessageContaining("java.util.List.size()");
    }

    @Test
    void implementsAnInterfaceOfTheJdk() {
        @SuppressWarnings("unchecked")
        Supplier<String> supplier = Implementing.of(scientist, Supplier.class)
                .control(() -> "a")
                .candidate(() -> "a")
                .build();

        assertThat(supplier.get()).isEqualTo("a");
        assertThat(result().experiment().name()).isEqualTo("supplier.get");
    }

    interface HTTPClient {
        int on(java.util.Date date);

        int on(java.sql.Date date);

        int on(String[] dates);
    }

    @Test
    void namesStayDistinctWhereSimpleNamesAreTheSame() {
        Implementing.of(scientist, HTTPClient.class)
                .control(answering(HTTPClient.class))
                .candidate(answering(HTTPClient.class))
                .build();

        assertThat(scientist.experiments().stream().map(Experiment::name))
                .containsExactlyInAnyOrder(
                        "http-client.on(java.util.Date)", "http-client.on(java.sql.Date)", "http-client.on(String[])");
    }

    private static <S> S answering(Class<S> type) {
        return type.cast(java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> 1));
    }

    @Test
    void switchedOffItIsTheControl() {
        Shop<String> shop = shop();
        scientist.switchOff();

        assertThat(shop.quote("pen")).isEqualTo("old pen");
        assertThat(shop.later("pen")).isSameAs(legacy.stage);
        assertThat(rewrite.calls).isEmpty();
    }

    sealed interface Closed permits Only {}

    record Only() implements Closed {}

    interface OnlyCommands {
        void go();
    }

    @Test
    void saysWhyATypeCannotBeImplemented() {
        assertThatThrownBy(() -> Implementing.of(scientist, String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("not an interface");
        assertThatThrownBy(() -> Implementing.of(scientist, int.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an interface");
        assertThatThrownBy(() -> Implementing.of(scientist, Override.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("annotation");
        assertThatThrownBy(() -> Implementing.of(scientist, Closed.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sealed");
        assertThatThrownBy(() -> Implementing.of(scientist, hidden(Named.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is hidden: nothing can implement it by name");
        assertThatThrownBy(() -> Implementing.of(scientist, Class.forName("jdk.internal.misc.VM$BufferPool")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("module java.base must export package jdk.internal.misc to dev.scientist");
    }

    /** The same as a class that no other can name. */
    private static Class<?> hidden(Class<?> type) throws Exception {
        try (InputStream bytes = type.getResourceAsStream("ImplementingTest$" + type.getSimpleName() + ".class")) {
            return MethodHandles.lookup()
                    .defineHiddenClass(bytes.readAllBytes(), false)
                    .lookupClass();
        }
    }

    @Test
    void saysWhatIsWrongWithTheImplementations() {
        assertThatThrownBy(() -> implementing().control(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("control must not be null");
        assertThatThrownBy(() -> implementing().candidate(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("candidate must not be null");
        assertThatThrownBy(() -> implementing().control(legacy).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("candidate is missing");
        assertThatThrownBy(
                        () -> implementing().control(legacy).candidate(legacy).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same object");
        assertThatThrownBy(() -> implementing().control(legacy).control(rewrite))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("control was already set");
        assertThatThrownBy(() -> raw().control("text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String, which does not implement it");
        assertThatThrownBy(() -> Implementing.of(scientist, OnlyCommands.class)
                        .control(() -> {})
                        .candidate(() -> {})
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of its methods is an experiment");
        assertThat(scientist.experiments()).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private Implementing<Object> raw() {
        return (Implementing<Object>) (Implementing<?>) implementing();
    }

    @Test
    void aSecondOneNeedsAnotherName() {
        shop();

        assertThatThrownBy(this::shop)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already defined");
        implementing().named("eu-shop").control(legacy).candidate(rewrite).build();
        assertThat(scientist.find("eu-shop.total")).isPresent();
    }

    interface Undecided {
        @Experimented
        @NotExperimented
        String quote();
    }

    /** Says again what every object has, as {@link java.util.Comparator} does. */
    interface Counter {
        int count();

        @Override
        boolean equals(Object other);

        @Override
        String toString();
    }

    @Test
    void whatEveryObjectHasIsTheControlsAlsoWhereTheInterfaceSaysItAgain() {
        class Fixed implements Counter {
            @Override
            public int count() {
                return 1;
            }

            @Override
            public String toString() {
                return "fixed";
            }
        }
        Counter counter = Implementing.of(scientist, Counter.class)
                .control(new Fixed())
                .candidate(new Fixed())
                .build();

        assertThat(scientist.experiments()).extracting(Experiment::name).containsExactly("counter.count");
        assertThat(counter).hasToString("fixed");
        assertThat(counter.equals(counter)).isTrue();
    }

    interface Voids {
        List<Void> voids();

        CompletionStage<?> whatever();

        Tagged<Void, String> tagged();
    }

    /** A stage that is not of its first type. */
    static final class Tagged<K, V> extends CompletableFuture<V> {}

    @Test
    void aMethodIsNotInAndOutAtOnce() {
        assertThatThrownBy(() -> Implementing.of(scientist, Undecided.class)
                        .control(() -> "x")
                        .candidate(() -> "y")
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its method quote is both @Experimented and @NotExperimented");
    }

    @Test
    void onlyStagesOfNothingReturnNothing() {
        class NoVoids implements Voids {
            @Override
            public List<Void> voids() {
                return List.of();
            }

            @Override
            public CompletionStage<?> whatever() {
                return CompletableFuture.completedFuture(1);
            }

            @Override
            public Tagged<Void, String> tagged() {
                return new Tagged<>();
            }
        }
        Implementing.of(scientist, Voids.class)
                .control(new NoVoids())
                .candidate(new NoVoids())
                .build();

        assertThat(scientist.experiments())
                .extracting(Experiment::name)
                .containsExactlyInAnyOrder("voids.voids", "voids.whatever", "voids.tagged");
    }

    @Test
    void itEqualsNoProxyOfAnotherSort() {
        Supplier<String> control = () -> "x";
        Supplier<?> proxy = Implementing.of(scientist, Supplier.class)
                .control(control)
                .candidate(() -> "y")
                .build();
        Object another = java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Supplier.class}, (self, method, arguments) -> null);

        assertThat(proxy.equals(another)).isFalse();
        assertThat(proxy.equals(null)).isFalse();
        assertThat(proxy.equals(control)).isTrue();
    }

    @Test
    void saysWhatAModuleMustOpenOrExport() throws ClassNotFoundException {
        Class<?> hidden = Class.forName("java.util.Formatter$FormatString");
        Class<?> internal = Class.forName("jdk.internal.access.JavaLangAccess");

        assertThatThrownBy(() -> Implementing.of(scientist, hidden))
                .hasMessageContaining("module java.base must open package java.util to dev.scientist");
        assertThatThrownBy(() -> Implementing.of(scientist, internal))
                .hasMessageContaining("module java.base must export package jdk.internal.access to dev.scientist");
    }

    @Test
    void argumentsAreEqualWhereTheirValuesAre() {
        Shop<String> shop = shop();
        shop.quote("a", 1);
        shop.quote("a", 1);
        shop.quote("a", 2);
        List<Object> inputs = results.results().stream()
                .map(Result::input)
                .map(Object.class::cast)
                .toList();

        assertThat(inputs.get(0)).isEqualTo(inputs.get(1)).hasSameHashCodeAs(inputs.get(1));
        assertThat(inputs.get(0)).isNotEqualTo(inputs.get(2)).isNotEqualTo(List.of("a", 1));
    }
}
