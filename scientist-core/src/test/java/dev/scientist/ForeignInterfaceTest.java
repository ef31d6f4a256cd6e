package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.proxy.Implementing;
import org.junit.jupiter.api.Test;

/** An interface that the proxy's package has no access to. */
class ForeignInterfaceTest {

    interface Source<A, R> {
        R get(A key);
    }

    /** Has a bridge, which takes and returns any object; the other methods are none that it could lead to. */
    interface Texts extends Source<String, String> {
        @Override
        default String get(String key) {
            return key;
        }

        default String get(String key, String other) {
            return key + other;
        }

        default String take(String key) {
            return "taken " + key;
        }
    }

    /** Has a bridge too, and two methods that it could lead to. */
    interface Overloaded extends Source<String, String> {
        @Override
        default String get(String key) {
            return key;
        }

        default String get(Integer key) {
            return "number " + key;
        }
    }

    @Test
    void bridgesOfInterfacesThatAreNotPublicCanBeCalled() {
        Lab lab = new Lab();
        Source<String, String> texts = Implementing.of(lab.scientist, Texts.class)
                .control(new Texts() {})
                .candidate(new Texts() {
                    @Override
                    public String get(String key) {
                        return key + "!";
                    }
                })
                .build();

        assertThat(texts.get("a")).isEqualTo("a");
        assertThat(lab.comparison().candidate().value()).isEqualTo("a!");
        lab.close();
    }

    @Test
    void aBridgeThatMayLeadToSeveralIsTheControls() {
        Lab lab = new Lab();
        Source<String, String> texts = Implementing.of(lab.scientist, Overloaded.class)
                .control(new Overloaded() {})
                .candidate(new Overloaded() {})
                .build();

        assertThat(texts.get("a")).isEqualTo("a");
        assertThat(((Overloaded) texts).get(1)).isEqualTo("number 1");
        assertThat(lab.result().experiment().name()).startsWith("overloaded.get");
        lab.close();
    }
}
