package dev.scientist.benchmarks;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A migration of LaunchDarkly's in its shadow stage, with test data and without events. */
final class LaunchDarkly implements AutoCloseable {

    private static final LDContext CONTEXT = LDContext.create("benchmark");

    private final LDClient client;
    private final Migration<Step, Step, Step, Step> migration;

    LaunchDarkly(MigrationExecution execution) {
        TestData data = TestData.dataSource();
        data.update(data.flag("stage").valueForAll(LDValue.of("shadow")));
        client = new LDClient(
                "benchmark",
                new LDConfig.Builder()
                        .dataSource(data)
                        .events(Components.noEvents())
                        .logging(Components.noLogging())
                        .build());
        AtomicInteger shadowed = new AtomicInteger();
        migration = new MigrationBuilder<Step, Step, Step, Step>(client)
                .readExecution(execution)
                .trackLatency(true)
                .read(
                        in -> MigrationMethodResult.Success(Step.control(in)),
                        in -> {
                            shadowed.setPlain(1);
                            return MigrationMethodResult.Success(Step.candidate(in));
                        },
                        Objects::equals)
                .write(MigrationMethodResult::Success, MigrationMethodResult::Success)
                .build()
                .orElseThrow();
        read(Step.FIRST);
        if (shadowed.get() != 1) {
            throw new IllegalStateException("the flag's stage did not have LaunchDarkly call the candidate");
        }
    }

    Step read(Step input) {
        return migration
                .read("stage", CONTEXT, MigrationStage.OFF, input)
                .getResult()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
