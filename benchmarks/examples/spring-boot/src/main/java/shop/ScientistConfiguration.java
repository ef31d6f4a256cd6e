package shop;

import dev.scientist.Counts;
import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.LoggingPublisher;
import dev.scientist.Scientist;
import dev.scientist.evidence.EvidencePage;
import dev.scientist.evidence.EvidencePublisher;
import dev.scientist.evidence.Tolerance;
import dev.scientist.gate.Gates;
import dev.scientist.micrometer.MicrometerPublisher;
import dev.scientist.rollout.Rollout;
import dev.scientist.rollout.Stage;
import dev.scientist.rollout.WayBack;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** All that an application needs for experiments, to be copied. A rollout is a bean with its experiment's name. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScientistConfiguration.Settings.class)
@Import(ScientistConfiguration.ScientistEndpoint.class)
class ScientistConfiguration {
    @ConfigurationProperties("scientist")
    record Settings(@DefaultValue("evidence.json") Path evidence, @DefaultValue Map<String, Plan> experiments) {
        <T> Rollout<T> rollout(String name, Experiment.Builder<T> experiment) {
            Plan plan = experiments.getOrDefault(name, new Plan(100, Stage.CONTROL, 0));
            Gate canary = Gates.stickyPercent(plan.canary, Object.class, input -> input); // by the input of the run
            Experiment<T> shadow = experiment.gate(Gates.percent(plan.percent)).build();
            Rollout<T> rollout = Rollout.of(shadow).canary(canary).wayBack(WayBack.standard()).build();
            rollout.moveTo(plan.stage);
            return rollout;
        }
    }
    /** Percent of the runs with a candidate, the first stage, percent of the inputs in the canary. */
    record Plan(@DefaultValue("100") double percent, @DefaultValue("control") Stage stage, double canary) {}

    @Bean
    EvidencePublisher evidence(Settings settings) {
        return EvidencePublisher.builder().file(settings.evidence).build();
    }

    @Bean
    Scientist scientist(EvidencePublisher evidence, MeterRegistry registry) {
        MicrometerPublisher meters = new MicrometerPublisher(registry);
        return Scientist.builder().publisher(new LoggingPublisher()).publisher(meters).publisher(evidence).build();
    }

    @Bean
    SmartLifecycle scientistLifecycle(Scientist scientist) {
        return new SmartLifecycle() { // stopped before any bean is destroyed: candidates still find their pools open
            public void start() {}
            public void stop() { scientist.close(); }
            public boolean isRunning() { return true; }
            public boolean isPauseable() { return false; } // closing is for good
        };
    }

    @Bean
    @Order(1)
    SecurityFilterChain scientistSecurity(HttpSecurity http) {
        return http.securityMatcher("/scientist", "/actuator/scientist/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPS"))
                .csrf(csrf -> csrf.disable()) // the endpoint takes JSON alone, which no form of another site can send
                .httpBasic(Customizer.withDefaults()).build();
    }

    @Bean
    RouterFunction<ServerResponse> scientistPage(Scientist scientist, EvidencePublisher evidence) {
        EvidencePage page = new EvidencePage(scientist, evidence, Tolerance.standard());
        return RouterFunctions.route(RequestPredicates.GET("/scientist"), request -> ServerResponse.ok()
                .headers(headers -> page.headers().forEach(headers::set))
                .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
                .body(page.html(request.params().toSingleValueMap())));
    }
    record Line(String experiment, boolean on, String rollout, Counts runs) {}
    @Endpoint(id = "scientist")
    record ScientistEndpoint(Scientist scientist, Map<String, Rollout<?>> rollouts) {
        @ReadOperation
        List<Line> list() {
            return scientist.experiments().stream()
                    .map(e -> new Line(e.name(), e.isOn(), "" + rollouts.get(e.name()), e.counts())).toList();
        }
        @WriteOperation
        void change(@Selector String name, @Nullable Boolean on, @Nullable Stage stage) {
            if (scientist.find(name).isEmpty() || (stage == null ? on == null : !rollouts.containsKey(name))) {
                throw new InvalidEndpointRequestException("unknown, or no rollout, or nothing to change: " + name, "");
            }
            if (on != null) {
                scientist.find(name).ifPresent(on ? Experiment::switchOn : Experiment::switchOff);
            }
            if (stage != null) {
                rollouts.get(name).acknowledge(); // a person has decided
                rollouts.get(name).moveTo(stage);
            }
        }
    }
}
