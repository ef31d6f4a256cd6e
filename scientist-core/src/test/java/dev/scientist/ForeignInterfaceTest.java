package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.proxy.Implementing;
import org.junit.jupiter.api.Test;

/** An interface that the proxy's package has no access to. */
class ForeignInterfaceTest {

    interface Source<A, R> {
        R get(A key);
    }

    /** Has a bridge, which takes and returns any object. */
    interface Texts extends Source<String, String> {
        @Override
        default String get(String key) {
            return key;
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
}
