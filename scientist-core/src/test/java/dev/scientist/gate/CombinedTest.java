package dev.scientist.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scientist.Experiment;
import dev.scientist.Gate;
import dev.scientist.Operation;
import dev.scientist.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CombinedTest {

    private final GateLab lab = new GateLab();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private Gate noting(String name, boolean open) {
        return new Gate() {
            @Override
            public boolean admits(Request request, @Nullable Object input) {
                asked.add(name);
                return open;
            }

            @Override
            public void learn(Request request, Result<?> result) {
                asked.add("learn " + name);
            }

            @Override
            public String status() {
                return name + " is " + (open ? "open" : "closed");
            }
        };
    }

    private boolean opens(Gate gate) {
        return lab.sampled(lab.experiment("test " + gate.hashCode(), gate), 1) == 1;
    }

    @Test
    void allIsOpenWhereEveryGateIs() {
        Gate open = Gates.when(() -> true);
        Gate closed = Gates.when(() -> false);

        assertThat(opens(Gates.all())).isTrue();
        assertThat(opens(Gates.all(open, open))).isTrue();
        assertThat(opens(Gates.all(open, closed))).isFalse();
        assertThat(opens(Gates.all(closed, open))).isFalse();
    }

    @Test
    void anyIsOpenWhereOneGateIs() {
        Gate open = Gates.when(() -> true);
        Gate closed = Gates.when(() -> false);

        assertThat(opens(Gates.any())).isFalse();
        assertThat(opens(Gates.any(closed, closed))).isFalse();
        assertThat(opens(Gates.any(open, closed))).isTrue();
        assertThat(opens(Gates.any(closed, open))).isTrue();
    }

    @Test
    void notIsTheOpposite() {
        assertThat(opens(Gates.not(Gates.when(() -> true)))).isFalse();
        assertThat(opens(Gates.not(Gates.when(() -> false)))).isTrue();
    }

    @Test
    void theyAreAskedInOrderUntilOneDecidesAndAllLearn() {
        opens(Gates.any(
                Gates.all(noting("a", true), noting("b", false), noting("c", true)),
                Gates.not(noting("d", false)),
                noting("e", true)));

        assertThat(asked).containsExactly("a", "b", "d", "learn a", "learn b", "learn c", "learn d", "learn e");
    }

    @Test
    void theStatusIsThatOfAllThatHaveOne() {
        Gate silent = Gates.percent(50);
        Gate gate = Gates.all(noting("a", true), silent, Gates.not(Gates.any(noting("b", false))), Gates.not(silent));

        assertThat(lab.experiment("status", gate).gateStatus()).isEqualTo("a is open; not (b is closed)");
        assertThat(lab.experiment("silent", Gates.all(silent, Gates.any())).gateStatus())
                .isNull();
    }

    @Test
    void allAreShutIfOneIsAndAnyIfEachIs() {
        Gate shut = new Gate() {
            @Override
            public boolean admits(Request request, @Nullable Object input) {
                return false;
            }

            @Override
            public boolean isShut() {
                return true;
            }
        };
        Gate silent = Gates.percent(50);
        assertThat(lab.experiment("all", Gates.all(silent, shut)).isGateShut()).isTrue();
        assertThat(lab.experiment("none", Gates.all(silent, silent)).isGateShut())
                .isFalse();
        assertThat(lab.experiment("any", Gates.any(silent, shut)).isGateShut()).isFalse();
        assertThat(lab.experiment("each", Gates.any(shut, shut)).isGateShut()).isTrue();
        assertThat(lab.experiment("not", Gates.not(shut)).isGateShut()).isFalse();
    }

    @Test
    void oneThatFailsToLearnDoesNotKeepTheOthersFromIt() {
        Error failure = new LinkageError("learn");
        Gate failing = new Gate() {
            @Override
            public boolean admits(Request request, @Nullable Object input) {
                return true;
            }

            @Override
            public void learn(Request request, Result<?> result) {
                throw failure;
            }
        };

        assertThat(opens(Gates.all(failing, noting("b", true)))).isTrue();

        assertThat(asked).containsExactly("b", "learn b");
        assertThat(lab.operations).containsExactly(Operation.GATE);
        assertThat(lab.failures.get(0)).isSameAs(failure);
    }

    @Test
    void gatesWithAStateHaveOneForEachExperimentInsideOthersToo() {
        Gate shared = Gates.all(Gates.any(Gates.not(Gates.not(Gates.atMostPerSecond(1)))));
        Experiment<Integer> one = lab.experiment("one", shared);
        Experiment<Integer> two = lab.experiment("two", shared);

        assertThat(lab.sampled(one, 2)).isEqualTo(1);
        assertThat(lab.sampled(two, 2)).isEqualTo(1);
    }

    @Test
    void aMissingGateIsAnError() {
        assertThatThrownBy(() -> Gates.all(Gates.percent(1), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("gate 1");
        assertThatThrownBy(() -> Gates.not(null)).hasMessage("gate");
        assertThatThrownBy(() -> Gates.when(null)).hasMessage("condition");
    }
}
