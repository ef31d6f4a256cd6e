package dev.scientist.junit;

import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Fails a test whose experiments mismatched: those of any {@link Scientist}, such as the application's. A test that takes
 * a {@link Scientist} as parameter is handed one of its own. At the end of the test, once all background runs have ended,
 * it fails on
 *
 * <ul>
 *   <li>mismatches, unless {@link ExpectMismatch} says so, and differences ignored for a reason that
 *       {@link AllowIgnored} does not name;
 *   <li>failures of comparators, publishers, gates and other user-supplied parts;
 *   <li>candidates that were abandoned, runs that were dropped, and runs that do not end within their time limit: they
 *       compared nothing;
 *   <li>fewer results than {@link AtLeastRuns} asks for, by default at least one if the test defined an experiment.
 * </ul>
 *
 * Each failure is an {@code AssertionFailedError} that names experiment, candidate, input, context and the differences
 * by path, with expected and actual for the diff of an IDE. Experiments meanwhile do as always: the code under test
 * gets what the control did.
 *
 * <p>A test may also take a {@link RecordingPublisher}: it has the latest results of the test; and with {@link WithFaults}
 * the {@link Faults}. All can be parameters of
 * the test, of {@code @BeforeEach} and {@code @AfterEach} methods, and of the constructor where each test has its own
 * instance (with JUnit older than 5.12, not of the constructor). The scientist is closed after the test. Its random
 * numbers, such as the order of behaviors, come from a seed that failures tell where there were any, and that the
 * configuration parameter or system property {@code scientist.seed} fixes.
 *
 * <p>What the experiments of another scientist find belongs to the test on whose thread they ran. What they find on any
 * other thread, such as that of a server or of a background run, belongs to every test that runs at that time: tests that
 * run such experiments should not run in parallel with others.
 *
 * <p>Register it with {@code @ExtendWith}, with {@link WithScientist}, or, to say more, in a static field with
 * {@code @RegisterExtension}: one for a class. Works in nested classes and in tests that run in parallel. Thread-safe.
 */
public final class ScientistExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ScientistExtension.class);

    private final UnaryOperator<Scientist.Builder> settings;

    /** An extension as {@code @ExtendWith} makes it. */
    public ScientistExtension() {
        this(UnaryOperator.identity());
    }

    private ScientistExtension(UnaryOperator<Scientist.Builder> settings) {
        this.settings = settings;
    }

    /**
     * An extension whose tests are handed a scientist with further settings, such as a clock or one more publisher.
     * Failure handler and random are set already,
     * and with {@link WithFaults} the gate.
     *
     * @param settings handed the builder of each test's scientist, returns it
     * @return the extension
     */
    public static ScientistExtension with(UnaryOperator<Scientist.Builder> settings) {
        return new ScientistExtension(Objects.requireNonNull(settings, "settings"));
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        session(context).start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Session session = context.getStore(NAMESPACE).remove(Session.class, Session.class);
        if (session != null) {
            session.finish(context.getExecutionException().isPresent());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Scientist.class || type == RecordingPublisher.class || type == Faults.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a " + type.getSimpleName() + " belongs to one test: take it in the"
                    + " test, in a @BeforeEach or @AfterEach method, or in the constructor of a class whose tests each"
                    + " have their own instance");
        }
        Session session = session(context);
        if (type == Faults.class) {
            Faults faults = session.faults();
            if (faults == null) {
                throw new ParameterResolutionException("a test that takes Faults needs @WithFaults");
            }
            return faults;
        }
        return type == Scientist.class ? session.scientist() : session.recording();
    }

    /** The test's session, made when it is first needed: constructors come before {@link #beforeEach}. */
    private Session session(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        Session session = store.get(Session.class, Session.class);
        if (session == null) {
            Rules rules = Rules.of(context);
            WithFaults faults = rules.faults();
            session = new Session(rules, Seeds.of(context, faults == null ? 0 : faults.seed()), settings);
            store.put(Session.class, session);
        }
        return session;
    }
}
