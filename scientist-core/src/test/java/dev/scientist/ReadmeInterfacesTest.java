package dev.scientist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.compare.Comparators;
import dev.scientist.gate.Gates;
import dev.scientist.proxy.Implementing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The README's chapter on whole interfaces. */
class ReadmeInterfacesTest {

    interface PriceService {
        double quote(String article, int count);

        boolean isKnown(String article);

        void reprice(String article);
    }

    private static final class Prices implements PriceService {
        private final double price;
        private int repriced;

        Prices(double price) {
            this.price = price;
        }

        @Override
        public double quote(String article, int count) {
            return price * count;
        }

        @Override
        public boolean isKnown(String article) {
            return true;
        }

        @Override
        public void reprice(String article) {
            repriced++;
        }
    }

    private final Lab lab = new Lab();
    private final Scientist scientist = lab.scientist;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void implementing() {
        Prices legacy = new Prices(1);
        Prices rewrite = new Prices(1.25);
        // README: implementing
        PriceService prices = Implementing.of(scientist, PriceService.class)
                .control(legacy)
                .candidate(rewrite)
                .settings((method, experiment) -> {
                    if (method.getName().equals("quote")) {
                        experiment.gate(Gates.percent(100)).comparator(Comparators.structural());
                    }
                })
                .build();

        double price = prices.quote("pen", 3); // the experiment "price-service.quote"
        // README end
        prices.reprice("pen");

        assertThat(price).isEqualTo(3);
        assertThat(lab.result().experiment().name()).isEqualTo("price-service.quote");
        assertThat(lab.outcome()).isEqualTo(Outcome.MISMATCHED);
        assertThat(scientist.find("price-service.isKnown")).isPresent();
        assertThat(legacy.repriced).isEqualTo(1);
        assertThat(rewrite.repriced).isZero();
    }
}
