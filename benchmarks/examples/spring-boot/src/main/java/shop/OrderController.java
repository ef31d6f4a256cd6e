package shop;

import dev.scientist.Execution;
import dev.scientist.Scientist;
import dev.scientist.compare.Comparators;
import dev.scientist.rollout.Rollout;
import java.math.BigDecimal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The total of an order: added up in Java so far, and soon read from a table. */
@RestController
class OrderController {

    private static final String EXPERIMENT = "order-total";

    private final JdbcClient jdbc;
    private final Rollout<BigDecimal> total;

    OrderController(JdbcClient jdbc, Rollout<BigDecimal> total) {
        this.jdbc = jdbc;
        this.total = total;
    }

    @GetMapping("/orders/{id}/total")
    BigDecimal total(@PathVariable long id) {
        return total.run(id, this::addedUpHere, this::held);
    }

    private BigDecimal addedUpHere(long id) {
        return jdbc
                .sql("SELECT price, quantity FROM line WHERE order_id = ?")
                .param(id)
                .query((row, number) -> row.getBigDecimal("price").multiply(row.getBigDecimal("quantity")))
                .list()
                .stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private BigDecimal held(long id) {
        return jdbc
                .sql("SELECT total FROM order_total WHERE order_id = ?")
                .param(id)
                .query(BigDecimal.class)
                .optional()
                .orElse(BigDecimal.ZERO);
    }

    @Configuration(proxyBeanMethods = false)
    static class Experiments {
        @Bean(EXPERIMENT)
        Rollout<BigDecimal> orderTotal(Scientist scientist, ScientistConfiguration.Settings settings) {
            return settings.rollout(
                    EXPERIMENT,
                    scientist
                            .<BigDecimal>experiment(EXPERIMENT)
                            .execution(Execution.background())
                            .comparator(Comparators.numericValue())); // 10.0 and 10.00 are the same price
        }
    }
}
