package org.deprovisioner;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes are the architecture: what the house asks of each file in {@code routes/}. */
class RoutesTest {

    private static final String END = ".camel.yaml";
    private static final List<String> SCHEMAS =
            List.of("/schema/camelYamlDsl.json", "/schema/camelYamlDsl-canonical.json");

    private final YAMLMapper yaml = new YAMLMapper();

    private static List<Path> routes() throws IOException {
        return routes(Path.of("routes"));
    }

    private static List<Path> routes(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(END)).sorted().toList();
        }
    }

    private Set<ValidationMessage> problems(String schema, Path file) throws IOException {
        try (InputStream text = RoutesTest.class.getResourceAsStream(schema)) {
            JsonSchema read =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(text);
            return read.validate(yaml.readTree(file.toFile()));
        }
    }

    private static Optional<JsonNode> route(JsonNode file) {
        List<JsonNode> found = new ArrayList<>();
        file.forEach(part -> {
            if (part.has("route")) {
                found.add(part.get("route"));
            }
        });
        assertThat(found).as("at most one route a file").hasSizeLessThanOrEqualTo(1);
        return found.stream().findFirst();
    }

    private static boolean holdsConfiguration(JsonNode file) {
        return file.findValue("routeConfiguration") != null;
    }

    @Test
    void everyFileFollowsBothSchemas() throws Exception {
        for (Path file : routes()) {
            for (String schema : SCHEMAS) {
                assertThat(problems(schema, file))
                        .as("%s against %s", file, schema)
                        .isEmpty();
            }
        }
    }

    @Test
    void whatIsThereToBeCopiedFollowsBothSchemasAndHasIds() throws Exception {
        List<Path> samples = routes(Path.of("samples/routes"));
        assertThat(samples).isNotEmpty();
        for (Path file : samples) {
            for (String schema : SCHEMAS) {
                assertThat(problems(schema, file))
                        .as("%s against %s", file, schema)
                        .isEmpty();
            }
            assertThat(stepsWithoutId(yaml.readTree(file.toFile())))
                    .as("%s", file)
                    .isEmpty();
        }
    }

    @Test
    void aFileHoldsTheRouteThatItIsNamedAfterAndDescribesIt() throws Exception {
        for (Path file : routes()) {
            JsonNode content = yaml.readTree(file.toFile());
            Optional<JsonNode> route = route(content);
            if (route.isEmpty()) {
                assertThat(holdsConfiguration(content))
                        .as("%s holds no route", file)
                        .isTrue();
                continue;
            }
            String name = file.getFileName().toString().replace(END, "");
            assertThat(route.get().path("id").asText()).as("id in %s", file).isEqualTo(name);
            assertThat(route.get().path("description").asText())
                    .as("description in %s", file)
                    .isNotBlank();
        }
    }

    @Test
    void everyStepThatLeavesARouteHasAnId() throws Exception {
        for (Path file : routes()) {
            assertThat(stepsWithoutId(yaml.readTree(file.toFile())))
                    .as("steps without an id in %s", file)
                    .isEmpty();
        }
    }

    @Test
    void noRouteMakesAnEndpointForEachDevice() throws Exception {
        for (Path file : routes()) {
            JsonNode content = yaml.readTree(file.toFile());
            assertThat(List.of("toD", "recipientList", "routingSlip", "dynamicRouter", "pollEnrich", "enrich"))
                    .as("steps of %s that take their endpoint from what they carry", file)
                    .allSatisfy(step -> assertThat(content.findValues(step)).isEmpty());
        }
    }

    @Test
    void everyFileHasATestOfItsOwn() throws Exception {
        for (Path file : routes()) {
            String test = Stream.of(
                            file.getFileName().toString().replace(END, "").split("-"))
                    .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                    .collect(joining("", "", "RouteTest"));
            assertThat(Path.of("src/test/java/org/deprovisioner/routes", test + ".java"))
                    .exists();
        }
    }

    private static List<JsonNode> stepsWithoutId(JsonNode node) {
        List<JsonNode> found = new ArrayList<>();
        for (String step : List.of("to", "toD", "bean", "process", "marshal", "poll", "pollEnrich", "enrich")) {
            node.findValues(step).stream()
                    .filter(one -> one.path("id").asText().isBlank())
                    .forEach(found::add);
        }
        return found;
    }

    /** The rules above are worth something only if they see what is wrong. */
    @Test
    void theSchemasAndTheRulesSeeWhatIsWrong(@TempDir Path folder) throws Exception {
        Path good = Files.writeString(folder.resolve("say-hello" + END), """
                - route:
                    id: say-hello
                    description: Says hello.
                    from:
                      uri: direct
                      parameters:
                        name: say-hello
                      steps:
                        - to:
                            id: say
                            uri: log
                            parameters:
                              loggerName: hello
                """);
        for (String schema : SCHEMAS) {
            assertThat(problems(schema, good)).as(schema).isEmpty();
        }
        assertThat(stepsWithoutId(yaml.readTree(good.toFile()))).isEmpty();

        Path wrong = Files.writeString(
                folder.resolve("wrong" + END), Files.readString(good).replace("steps:", "stepz:"));
        for (String schema : SCHEMAS) {
            assertThat(problems(schema, wrong)).as(schema).isNotEmpty();
        }
        Path compact = Files.writeString(folder.resolve("compact" + END), """
                - route:
                    id: compact
                    from:
                      uri: direct:compact
                      steps:
                        - to: log:hello
                        - log: hello
                """);
        assertThat(problems(SCHEMAS.get(1), compact)).isNotEmpty();
        assertThat(stepsWithoutId(yaml.readTree(compact.toFile()))).hasSize(1);
    }
}
