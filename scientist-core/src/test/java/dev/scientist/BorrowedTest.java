package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

public class BorrowedTest {

    @Test
    void isSaidOfOneThreadUntilItEnds() {
        assertThat(Borrowed.here()).isFalse();
        Borrowed.begin();
        try {
            assertThat(Borrowed.here()).isTrue();
            assertThat(CompletableFuture.supplyAsync(Borrowed::here).join()).isFalse();
        } finally {
            Borrowed.end();
        }
        assertThat(Borrowed.here()).isFalse();
    }

    /** For tests of comparators, which cannot say it themselves. */
    public static void during(Runnable comparing) {
        Borrowed.begin();
        try {
            comparing.run();
        } finally {
            Borrowed.end();
        }
    }
}
