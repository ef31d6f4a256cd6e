package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;
import dev.scientist.Comparison;
import dev.scientist.Experiment;
import dev.scientist.Outcome;
import dev.scientist.Scientist;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two JSON libraries read twenty thousand documents of a shop, some of them with what the libraries take differently. As
 * keys are names, the mismatches fall into a few groups, one for each cause.
 */
@Timeout(120)
class JsonLibrariesTest {

    private static final long SEED =
            Long.getLong("scientist.seed", ThreadLocalRandom.current().nextLong());
    private static final int DOCUMENTS = 20_000;

    @Test
    void theirMismatchesFallIntoAFewGroups() throws Exception {
        Map<String, Integer> groups = new TreeMap<>();
        Map<String, Integer> withoutNames = new TreeMap<>();
        ObjectMapper jackson = new ObjectMapper();
        Gson gson = new Gson();
        try (Scientist scientist = Scientist.builder()
                .publisher(result -> {
                    Comparison<?> comparison = result.comparisons().get(0);
                    if (comparison.outcome() == Outcome.MISMATCHED) {
                        Throwable thrown = comparison.control().throwable();
                        groups.merge(comparison.signature() + (thrown == null ? "" : " threw"), 1, Integer::sum);
                        Comparators.structural()
                                .acrossTypes()
                                .compare(
                                        comparison.control().value(),
                                        comparison.candidate().value())
                                .forEach(difference -> withoutNames.merge(difference.signature(), 1, Integer::sum));
                    }
                })
                .build()) {
            Experiment<Object> reading = scientist
                    .experiment("reading")
                    // a number that is whole is an Integer to one and a Double to the other
                    .comparator(Comparators.structural().acrossTypes().keysAreNames())
                    .build();
            Random random = new Random(SEED);
            for (int i = 0; i < DOCUMENTS; i++) {
                String document = document(random);
                try {
                    reading.run(
                            () -> jackson.readValue(document, Object.class),
                            () -> gson.fromJson(document, Object.class));
                } catch (JsonProcessingException refused) {
                    assertThat(document).contains("'note'");
                }
            }
        }

        assertThat(groups)
                .as("-Dscientist.seed=%s", SEED)
                .hasSizeBetween(3, 9)
                .containsOnlyKeys(
                        "[\"id\"]",
                        "[\"lines\"][*][\"stock\"]",
                        "[\"id\"], [\"lines\"][*][\"stock\"]",
                        "(returned, control threw JsonParseException) threw");
        assertThat(withoutNames).as("without names").containsKeys("[*]", "[*][*][*]");
    }

    private static String document(Random random) {
        // beyond 2^53 a double takes the nearest number that it can be
        String id = random.nextInt(50) == 0
                ? "90071992547409" + (93 + 2 * random.nextInt(3))
                : "" + random.nextInt(1_000_000);
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String stock = random.nextInt(100) == 0 ? "12345678901234567891" : "" + random.nextInt(100);
            lines.append(lines.length() == 0 ? "" : ",")
                    .append("{\"sku\":\"s%d\",\"price\":%d.%d,\"stock\":%s,\"tags\":[%s]}"
                            .formatted(
                                    random.nextInt(1000),
                                    random.nextInt(100),
                                    random.nextInt(10),
                                    stock,
                                    random.nextBoolean() ? "\"new\",\"sale\"" : ""));
        }
        // no JSON, but one of them is lenient
        String name = random.nextInt(200) == 0 ? "'note'" : "\"note\"";
        List<String> notes = List.of("null", "\"a\"", "\"\\u00e9\\n\"", "true", "-0", "1e2");
        return "{\"id\":%s,%s:%s,\"lines\":[%s]}".formatted(id, name, notes.get(random.nextInt(notes.size())), lines);
    }
}
