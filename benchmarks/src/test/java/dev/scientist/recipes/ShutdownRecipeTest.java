package dev.scientist.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.scientist.Counts;
import dev.scientist.Execution;
import dev.scientist.Experiment;
import dev.scientist.LoggingPublisher;
import dev.scientist.Publisher;
import dev.scientist.Scientist;
import dev.scientist.publish.RecordingPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** A container that closes while candidates are under way, with a real pool of connections. */
class ShutdownRecipeTest {

    // README: spring-lifecycle
    /** Closes the scientist before any bean is destroyed: candidates still find their pools open. */
    static final class ScientistLifecycle implements SmartLifecycle {
        private final Scientist scientist;
        private volatile boolean isRunning;

        ScientistLifecycle(Scientist scientist) {
            this.scientist = scientist;
        }

        @Override
        public void start() {
            isRunning = true;
        }

        @Override
        public void stop() {
            isRunning = false;
            scientist.close();
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }
    }

    @Configuration
    static class ExperimentsConfiguration {
        @Bean
        Scientist scientist(List<Publisher> publishers) { // all beans that are publishers
            Scientist.Builder builder = Scientist.builder().publisher(new LoggingPublisher());
            publishers.forEach(builder::publisher);
            return builder.build();
        }

        @Bean
        ScientistLifecycle scientistLifecycle(Scientist scientist) {
            return new ScientistLifecycle(scientist);
        }
    }
    // README end

    @Configuration
    static class ApplicationConfiguration {
        @Bean
        RecordingPublisher results() {
            return new RecordingPublisher();
        }

        @Bean
        DataSource dataSource() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl("jdbc:h2:mem:shutdown;DB_CLOSE_DELAY=-1");
            pool.setMaximumPoolSize(10);
            return pool;
        }

        @Bean
        JdbcTemplate jdbc(DataSource dataSource) {
            return new JdbcTemplate(dataSource);
        }

        @Bean
        Experiment<Integer> pricing(Scientist scientist) {
            return scientist
                    .<Integer>experiment("pricing")
                    .execution(Execution.background().timeLimit(Duration.ofSeconds(30)))
                    .build();
        }
    }

    @Test
    void noCandidateInFlightIsAFalseMismatch() {
        AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(ExperimentsConfiguration.class, ApplicationConfiguration.class);
        RecordingPublisher results = context.getBean(RecordingPublisher.class);
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        @SuppressWarnings("unchecked")
        Experiment<Integer> pricing = context.getBean(Experiment.class);
        CountDownLatch closing = new CountDownLatch(1);
        context.addApplicationListener(event -> closing.countDown()); // told before anything is stopped
        for (int i = 0; i < 50; i++) {
            pricing.run(() -> query(jdbc), () -> {
                closing.await();
                return query(jdbc);
            });
        }
        assertThat(results.results()).isEmpty(); // all are under way, or wait

        context.close();

        assertThat(pricing.counts()).isEqualTo(new Counts(50, 50, Map.of()));
        assertThat(results.results())
                .hasSize(50)
                .allSatisfy(result -> assertThat(result.matched()).isTrue());
    }

    private static Integer query(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select 42", Integer.class);
    }
}
