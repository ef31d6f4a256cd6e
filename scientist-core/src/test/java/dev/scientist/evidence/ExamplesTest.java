package dev.scientist.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scientist.Experiment;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people need to repair a candidate stands with the examples of its mismatches. */
class ExamplesTest {

    private static Integer inTheRewrite() {
        throw new IllegalStateException("private", new IOException("secret"));
    }

    private static DifferenceEvidence.Example onlyExample(List<ExperimentEvidence> evidence) {
        return evidence.get(0)
                .candidates()
                .get(0)
                .differences()
                .get(0)
                .examples()
                .get(0);
    }

    @Test
    void aCandidatesExceptionHasItsFrames() {
        try (EvidenceLab lab = new EvidenceLab()) {
            lab.scientist.<Integer>experiment("test").build().run(() -> 1, ExamplesTest::inTheRewrite);

            String thrown = String.valueOf(onlyExample(lab.evidence.evidence()).thrown());
            assertThat(thrown)
                    .startsWith("java.lang.IllegalStateException at dev.scientist.evidence.ExamplesTest.inTheRewrite(")
                    .contains("; caused by java.io.IOException at dev.scientist.evidence.ExamplesTest.inTheRewrite(")
                    .doesNotContain("private")
                    .doesNotContain("secret");
            EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard());
            assertThat(page.html(Map.of("experiment", "test"))).contains("thrown: java.lang.IllegalStateException at ");
            assertThat(onlyExample(JsonEvidence.read(page.json()).experiments()).thrown())
                    .isEqualTo(thrown);
        }
    }

    @Test
    void oneThatReturnedHasNone() {
        try (EvidenceLab lab = new EvidenceLab()) {
            lab.scientist.<Integer>experiment("test").build().run(() -> 1, () -> 2);

            EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard());
            assertThat(page.html(Map.of("experiment", "test")))
                    .contains("returned <mark>2")
                    .doesNotContain("thrown: ");
            assertThat(onlyExample(JsonEvidence.read(page.json()).experiments()).thrown())
                    .isNull();
        }
    }

    @Test
    void examplesOfABuildThatKeptNoFramesAreRead() {
        try (EvidenceLab lab = new EvidenceLab()) {
            lab.scientist.<Integer>experiment("test").build().run(() -> 1, () -> 2);
            String json = new EvidenceReport(lab.evidence.evidence(), Tolerance.standard()).json();
            String older = json.replace("\"thrown\":null,", "");

            assertThat(older).isNotEqualTo(json);
            DifferenceEvidence.Example read =
                    onlyExample(JsonEvidence.read(older).experiments());
            assertThat(read.candidate()).isEqualTo("returned 2");
            assertThat(read.thrown()).isNull();
        }
    }

    @Test
    void anExceptionThatRefusesToTellIsShownAsFarAsItDoes() {
        class Unwilling extends IllegalStateException {
            private static final long serialVersionUID = 1;

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new UnsupportedOperationException();
            }
        }
        try (EvidenceLab lab = new EvidenceLab()) {
            lab.scientist.<Integer>experiment("test").build().run(() -> 1, () -> {
                throw new Unwilling();
            });

            assertThat(onlyExample(lab.evidence.evidence()).thrown()).isEqualTo(Unwilling.class.getName());
        }
    }

    private static final class Order {}

    @Test
    void valuesThatLookAlikeAreExplained() {
        try (EvidenceLab lab = new EvidenceLab()) {
            Experiment<Object> classes = lab.scientist.experiment("classes").build();
            classes.run(() -> 42, () -> 42L);
            Experiment<Object> noEquals = lab.scientist.experiment("no equals").build();
            noEquals.run(Order::new, Order::new);

            EvidencePage page = new EvidencePage(lab.scientist, lab.evidence, Tolerance.standard());
            String html = page.html(Map.of("experiment", "classes")) + page.html(Map.of("experiment", "no equals"));
            assertThat(html)
                    .contains("java.lang.Integer against java.lang.Long")
                    .contains(Order.class.getTypeName() + " has no equals: compare by what it holds");
        }
    }
}
