package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.deprovisioner.graph.LeavesBy;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Retention;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each expression that stands in a route, evaluated in the states in which it counts: a wrong one fails only there. */
class RouteExpressionsTest extends LedgerFixture {

    private static final String UNDER_WAY = "${variable.call} != null && ${variable.call.begun} == true";
    private static final String CALLED = "${variable.call} != null";
    private static final String OPEN = "${body.isOpen}";
    private static final String STILL_LOOKS = "${body} is 'java.util.List' && ${body.size} > 0";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final YAMLMapper yaml = new YAMLMapper();

    @BeforeEach
    void start() {
        camel.start();
        makeReady("leavers", Rows.rows(1, 2));
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private Object value(String expression, Consumer<Exchange> state) {
        Exchange exchange = new DefaultExchange(camel);
        state.accept(exchange);
        return camel.resolveLanguage("simple").createExpression(expression).evaluate(exchange, Object.class);
    }

    private boolean holds(String predicate, Consumer<Exchange> state) {
        Exchange exchange = new DefaultExchange(camel);
        state.accept(exchange);
        return camel.resolveLanguage("simple").createPredicate(predicate).matches(exchange);
    }

    private static Consumer<Exchange> body(Object body) {
        return exchange -> exchange.getMessage().setBody(body);
    }

    private static Consumer<Exchange> call(Call call) {
        return exchange -> {
            exchange.setVariable("call", call);
            exchange.getMessage().setBody("{}");
        };
    }

    private static void nothing(Exchange exchange) {
        exchange.getMessage().setBody("");
    }

    private Call action() {
        return Call.of(new Action(leaseOne(), Optional.empty()), "https://graph.example/beta");
    }

    @Test
    void anAnswerIsKeptOnlyOnceAnAttemptWasBegun() {
        LeavesBy begun = LeavesBy.in(Duration.ofSeconds(5), clock::nanoTime, clock);
        Call call = action();
        assertThat(holds(UNDER_WAY, RouteExpressionsTest::nothing)).isFalse();
        assertThat(holds(UNDER_WAY, call(call))).isFalse();
        assertThat(holds(UNDER_WAY, call(call.with(begun)))).isTrue();
        Call group = Call.together(Settings.Mode.BATCH, List.of(call, action()));
        assertThat(holds(UNDER_WAY, call(group))).isFalse();
        assertThat(holds(UNDER_WAY, call(group.with(begun)))).isTrue();
    }

    @Test
    void whatCameInsteadOfAnAnswerIsOneOnlyOfACall() {
        assertThat(holds(CALLED, RouteExpressionsTest::nothing)).isFalse();
        assertThat(holds(CALLED, call(action()))).isTrue();
    }

    @Test
    void aLoopGoesOnWhileSomethingIsStillToBeAsked() {
        Call call = action();
        Call page = Call.of(FleetPage.first("default"), "https://graph.example/beta");
        assertThat(holds(OPEN, body(call))).isTrue();
        assertThat(holds(OPEN, body(call.with(org.deprovisioner.graph.GraphAnswer.of(new IOException())))))
                .isFalse();
        assertThat(holds(OPEN, body(page))).isTrue();
        assertThat(holds(STILL_LOOKS, body(List.of(call)))).isTrue();
        assertThat(holds(STILL_LOOKS, body(List.of()))).isFalse();
        assertThat(holds(STILL_LOOKS, body("answered"))).isFalse();
    }

    @Test
    void wordsAndNamesAreThoseOfTheExchange() {
        Lease lease = leaseOne();
        assertThat(value("${body}", body(lease))).isSameAs(lease);
        assertThat(value(
                        ".working/${variable.workingName}",
                        exchange -> exchange.setVariable("workingName", "7-a ${body} $simple{1} 'null'.csv")))
                .isEqualTo(".working/7-a ${body} $simple{1} 'null'.csv");
        assertThat(value(
                        "${variable.restingPlace}",
                        exchange -> exchange.setVariable("restingPlace", "/data/${body}/archive/null")))
                .isEqualTo("/data/${body}/archive/null");
        assertThat(value(
                        "${fromRouteId}: unforeseen, and tried again: ${exception.message}",
                        exchange -> exchange.setException(new IOException("gone"))))
                .asString()
                .endsWith("unforeseen, and tried again: gone");
        assertThat(value(
                        "${body.batch}: removed from the ledger, for all ${body.rows} rows were settled longer ago than"
                                + " deprovision.retention.",
                        body(new Retention.Removed("null", 3))))
                .asString()
                .startsWith("null: removed from the ledger, for all 3 rows");
    }

    @Test
    void aRouteIsThereWhereTheSettingsWantIt() {
        record Case(String precondition, Map<String, String> wanted, Map<String, String> unwanted) {}
        List<Case> cases = List.of(
                new Case("'{{deprovision.resolve}}' == 'false'", Map.of("resolve", "false"), Map.of("resolve", "true")),
                new Case("'{{deprovision.resolve}}' == 'true'", Map.of("resolve", "true"), Map.of("resolve", "false")),
                new Case("'{{deprovision.dry-run}}' == 'true'", Map.of("dry-run", "true"), Map.of("dry-run", "false")),
                new Case(
                        "'{{deprovision.dry-run}}' == 'false' && '{{deprovision.mode}}' == 'single'",
                        Map.of("dry-run", "false", "mode", "single"),
                        Map.of("dry-run", "false", "mode", "bulk")),
                new Case(
                        "'{{deprovision.dry-run}}' == 'false' && '{{deprovision.mode}}' != 'single'",
                        Map.of("dry-run", "false", "mode", "batch"),
                        Map.of("dry-run", "true", "mode", "batch")),
                new Case(
                        "'{{deprovision.guard.max-fleet-percent}}' != 'off'",
                        Map.of("guard.max-fleet-percent", "5"),
                        Map.of("guard.max-fleet-percent", "off")),
                new Case("'{{deprovision.retention}}' != 'off'", Map.of("retention", "1d"), Map.of("retention", "off")),
                new Case(
                        "'{{deprovision.broker.url}}' != 'none'",
                        Map.of("broker.url", "embedded"),
                        Map.of("broker.url", "none")));
        for (Case one : cases) {
            assertThat(holds(filled(one.precondition, one.wanted), RouteExpressionsTest::nothing))
                    .as("%s with %s", one.precondition, one.wanted)
                    .isTrue();
            assertThat(holds(filled(one.precondition, one.unwanted), RouteExpressionsTest::nothing))
                    .as("%s with %s", one.precondition, one.unwanted)
                    .isFalse();
        }
        assertThat(cases.stream().map(Case::precondition))
                .as("every precondition in routes/ has its place here")
                .containsAll(found("precondition"));
    }

    private static String filled(String text, Map<String, String> settings) {
        String filled = text;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            filled = filled.replace("{{deprovision." + setting.getKey() + "}}", setting.getValue());
        }
        return filled;
    }

    /** An expression that is written into a route is written into this test, too. */
    @Test
    void noExpressionIsLeftOut() {
        assertThat(found("simple")).isSubsetOf(UNDER_WAY, CALLED, OPEN, STILL_LOOKS, "${body}");
        assertThat(found("move")).isSubsetOf(".working/${variable.workingName}", "${variable.restingPlace}");
        assertThat(found("message"))
                .isSubsetOf(
                        "${fromRouteId}: unforeseen, and tried again: ${exception.message}",
                        "${body.batch}: removed from the ledger, for all ${body.rows} rows were settled longer ago than"
                                + " deprovision.retention.");
    }

    /** Camel takes the text {@code null} of an argument for no argument at all, and quotes from its ends. */
    @Test
    void argumentsOfBeansAreObjects() {
        assertThat(found("method").stream().filter(method -> method.contains("(")))
                .as("what is handed over is a piece of work, a file or a fault, and never a text from outside")
                .containsOnly(
                        "giveBack(${body}, ${exception})",
                        "tokenRefused(${body}, ${exception})",
                        "report(${body.file}, ${exception})",
                        "isWork(${body})",
                        "keepUnforeseen(${body}, ${exception})",
                        "keepUnforeseen(${variable.call}, ${exception})",
                        "notDelivered(${variable.notification}, ${exception})",
                        "sent(${variable.entries})",
                        "sent(${variable.notification})");
    }

    /** What stands in the routes under a key; of an expression its text. */
    private Set<String> found(String key) {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                for (JsonNode node : yaml.readTree(file.toFile()).findValues(key)) {
                    Stream.of(node, node.path("expression"), node.path("method"))
                            .filter(JsonNode::isTextual)
                            .forEach(text -> found.add(text.asText()));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }
}
