import org.jspecify.annotations.NullMarked;

/**
 * The experiment engine: runs old and new code side by side, hands back what the old code did, and publishes how they
 * compare.
 *
 * <p>{@code dev.scientist} holds the contracts and the engine; the other packages are ready-made parts that import it,
 * never the reverse.
 */
@NullMarked
module dev.scientist {
    requires transitive org.slf4j;
    requires static org.jspecify;
    requires static java.management;
    // for EvidenceServer alone
    requires static jdk.httpserver;
    // for JacksonCodec alone
    requires static com.fasterxml.jackson.databind;
    requires static tools.jackson.databind;
    requires static jdk.management;

    uses dev.scientist.Publisher;

    exports dev.scientist;
    exports dev.scientist.compare;
    exports dev.scientist.evidence;
    exports dev.scientist.gate;
    exports dev.scientist.proxy;
    exports dev.scientist.publish;
    exports dev.scientist.replay;
    exports dev.scientist.rollout;
}
