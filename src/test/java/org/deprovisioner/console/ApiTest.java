package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API does what its description says, and its description says what it does. */
class ApiTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final JsonNode DESCRIPTION = description();

    /** The answers that were held against the description: operation and status. */
    private static final Set<String> SEEN = new TreeSet<>();

    @TempDir
    Path folder;

    private ConsoleStage stage;
    private Browser client;

    private static JsonNode description() {
        try (InputStream file = ApiTest.class.getResourceAsStream("/openapi.json")) {
            return JSON.readTree(file);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @BeforeEach
    void start() throws IOException {
        stage = ConsoleStage.in(folder).start();
        client = stage.browser();
    }

    @AfterEach
    void end() {
        client.close();
        stage.close();
    }

    @AfterAll
    static void eachOperationWasHeldAgainstTheDescriptionWithAnAnswerThatIsNoRefusal() {
        Set<String> operations = new TreeSet<>();
        DESCRIPTION
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> answered = new HashSet<>();
        SEEN.forEach(seen -> answered.add(seen.replaceFirst(" 20\\d$", "")));
        assertThat(answered).containsAll(operations);
    }

    private Answer get(String path) throws IOException {
        return checked("GET", path, client.get(path, bearer()));
    }

    private Map<String, String> bearer() throws IOException {
        return Map.of("Authorization", "Bearer " + stage.password());
    }

    private Answer post(String path, String json) throws IOException {
        return post(path, "application/json", json, Map.of());
    }

    private Answer post(String path, String type, String body, Map<String, String> more) throws IOException {
        Map<String, String> headers = new TreeMap<>(bearer());
        headers.put("Content-Type", type);
        headers.putAll(more);
        return checked("POST", path, client.send("POST", path, headers, Optional.of(body)));
    }

    private Answer hand(String key, String type, String body) throws IOException {
        return post("/api/v1/requests", type, body, Map.of("Idempotency-Key", key));
    }

    /** Holds an answer against the description: its status is foreseen, and its body follows the schema. */
    private static Answer checked(String method, String asked, Answer answer) throws IOException {
        String path = asked.replaceFirst("\\?.*", "");
        String template = templates(path).stream()
                .min(java.util.Comparator.comparingInt(one -> one.contains("{") ? 1 : 0))
                .orElseThrow(() -> new AssertionError(path + " is not described"));
        JsonNode operation = DESCRIPTION.get("paths").get(template).path(method.toLowerCase(Locale.ROOT));
        JsonNode said = operation.path("responses").path(String.valueOf(answer.status()));
        assertThat(said.isMissingNode())
                .as("%s %s answers %d, which is described: %s", method, template, answer.status(), answer.body())
                .isFalse();
        if (said.has("$ref")) {
            said = DESCRIPTION.at(said.get("$ref").asText().substring(1));
        }
        String type = answer.header("Content-Type").replaceFirst(";.*", "");
        assertThat(said.path("content").has(type)).as("%s of %s", type, asked).isTrue();
        assertThat(problems(said.at("/content/" + type.replace("/", "~1") + "/schema"), JSON.readTree(answer.body())))
                .as("%s %s: %s", method, asked, answer.body())
                .isEmpty();
        SEEN.add(method + " " + template + " " + answer.status());
        return answer;
    }

    private static List<String> templates(String path) {
        List<String> found = new ArrayList<>();
        DESCRIPTION.get("paths").fieldNames().forEachRemaining(template -> {
            if (path.matches(template.replaceAll("\\{[a-z]+}", "[^/]+"))) {
                found.add(template);
            }
        });
        return found;
    }

    private static Set<ValidationMessage> problems(JsonNode schema, JsonNode body) {
        var whole = JSON.createObjectNode();
        whole.set("components", DESCRIPTION.get("components"));
        whole.set("allOf", JSON.createArrayNode().add(schema));
        JsonSchema read =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
        return read.validate(body);
    }

    private static JsonNode json(Answer answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static String object(int device) {
        return "{\"managedDeviceId\":\"%s\",\"deprovisionReason\":\"lost\",\"batch\":\"leavers\"}"
                .formatted(Rows.id(device));
    }

    /** As the service's routes do it. */
    private void holdAll() {
        List<Lease> leases = stage.ledger().claims().leaseUnresolved("default", 1_000);
        leases.forEach(lease -> stage.ledger()
                .resolutions()
                .resolved(
                        lease,
                        Rows.device(lease.address().managedDeviceId().orElseThrow(), Optional.empty()),
                        java.time.Duration.ofDays(30)));
        stage.ledger()
                .units()
                .toGuard(100)
                .forEach(unit -> stage.ledger()
                        .units()
                        .guard(unit, counts -> new Verdict.Hold("More than 500 devices.", "Approve it.")));
    }

    @Test
    void theDescriptionNamesEachOperationOfTheRouterAndTheRouterHasEachThatIsDescribed() throws IOException {
        Router router = new Router();
        ConsoleContext context =
                new ConsoleContext(stage.configuration(), stage::reader, stage.ledger(), folder, Clock.systemUTC());
        new Api(context).addTo(router);
        new ApiActions(context).addTo(router);
        new ApiRequests(context).addTo(router);
        List<String> described = new ArrayList<>();
        DESCRIPTION
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(router.routes())
                .extracting(route -> route.method() + " " + route.path())
                .containsExactlyInAnyOrderElementsOf(described);
        assertThat(router.routes())
                .filteredOn(route -> !route.path().endsWith("openapi.json"))
                .allMatch(route -> route.door() == Router.Door.BEARER);
        assertThat(json(get("/api/v1/openapi.json"))).isEqualTo(DESCRIPTION);
    }

    @Test
    void jsonIsTakenAsAMessageIsAndShownRowByRow() throws IOException {
        Answer taken = hand("k1", "application/json", "[" + object(1) + "," + object(2) + ",{\"ticket\":\"T1\"}]");
        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.header("Location")).isEqualTo("/api/v1/batches/leavers");
        assertThat(json(taken).get("rows").asInt()).isEqualTo(3);
        assertThat(json(taken).at("/batches/0/batch").asText()).isEqualTo("leavers");
        JsonNode page = json(get("/api/v1/batches/leavers/rows?limit=1"));
        assertThat(page.at("/rows/0/managedDeviceId").asText()).isEqualTo(Rows.id(1));
        JsonNode next = json(get(
                "/api/v1/batches/leavers/rows?limit=1&after=" + page.get("next").asText()));
        assertThat(next.at("/rows/0/managedDeviceId").asText()).isEqualTo(Rows.id(2));
        assertThat(next.has("next")).isFalse();
        JsonNode batches = json(get("/api/v1/batches?limit=1"));
        assertThat(batches.get("batches")).hasSize(1);
        assertThat(json(get("/api/v1/batches?after=" + batches.get("next").asText()))
                        .get("batches"))
                .hasSize(1);
        String invalid = json(taken).at("/batches/1/batch").asText();
        assertThat(json(get("/api/v1/batches/" + invalid + "/rows?outcome=invalid"))
                        .get("rows"))
                .hasSize(1);
        assertThat(json(get("/api/v1/status")).get("batches")).hasSize(2);
    }

    @Test
    void csvIsReadAsAFileIs() throws IOException {
        Answer taken = post(
                "/api/v1/requests?batch=returns",
                "text/csv; charset=utf-8",
                "Intune Device ID;Reason\n" + Rows.id(1) + ";lost\n# a remark\n" + Rows.id(2) + ";\n",
                Map.of("Idempotency-Key", "\"k1\""));
        assertThat(json(taken).at("/batches/0"))
                .isEqualTo(JSON.readTree("{\"batch\":\"returns\",\"rows\":2,\"invalid\":1}"));
        assertThat(json(hand("k2", "text/csv", "managedDeviceIds,reason\nx,y\n"))
                        .get("detail")
                        .asText())
                .contains("managedDeviceIds");
        assertThat(hand("k3", "text/csv", "managedDeviceId,reason\n").status()).isEqualTo(400);
    }

    @Test
    void theSamePostUnderItsKeyIsTakenOnceAndAnotherOneIsRefused() throws IOException {
        Answer first = hand("k1", "application/json", object(1));
        Answer again = hand("k1", "application/json", object(1));
        assertThat(json(again).get("batches")).isEqualTo(json(first).get("batches"));
        assertThat(json(again).get("again").asBoolean()).isTrue();
        Answer another = hand("k1", "application/json", object(2));
        assertThat(another.status()).isEqualTo(422);
        assertThat(json(another).get("remedy").asText()).contains("new key");
        assertThat(stage.ledger().batches().progress("leavers").orElseThrow().rows())
                .isOne();
        assertThat(post("/api/v1/requests", object(3)).status()).isEqualTo(400);
    }

    @Test
    void whatCannotBeUnderstoodIsRefusedAsAWholeWithARemedy() throws IOException {
        for (String body : List.of("", "[]", "7", "{\"a\":1,\"a\":2}", "[" + object(1) + ",7]", object(1) + "x")) {
            Answer refused = hand("k", "application/json", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(json(refused).get("remedy").asText()).isNotEmpty();
        }
        assertThat(hand("k", "application/xml", "<a/>").status()).isEqualTo(415);
        assertThat(post("/api/v1/requests?batch=CON", "text/csv", "a", Map.of("Idempotency-Key", "k"))
                        .status())
                .isEqualTo(400);
        assertThat(stage.ledger().batches().all()).isEmpty();
    }

    @Test
    void jsonThatIsNoUtf8IsRefusedRatherThanTakenWithOtherLetters() throws Exception {
        HttpResponse<String> refused = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.port() + "/api/v1/requests"))
                                .header("Authorization", "Bearer " + stage.password())
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", "k")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(object(1)
                                        .replace("}", ",\"ticket\":\"caf\u00e9\"}")
                                        .getBytes(ISO_8859_1)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not UTF-8");
        assertThat(stage.ledger().batches().all()).isEmpty();
    }

    @Test
    void aBatchIsApprovedByItsNumberAndItsFactsAlone() throws IOException {
        hand("k1", "application/json", "[" + object(1) + "," + object(2) + "]");
        holdAll();
        JsonNode shown = json(get("/api/v1/batches/leavers"));
        assertThat(shown.at("/heldBecause/devices").asInt()).isEqualTo(2);
        long facts = shown.get("facts").asLong();
        String approve = "/api/v1/batches/leavers/approve";
        assertThat(post(approve, "{\"devices\":3,\"facts\":%d}".formatted(facts))
                        .status())
                .isEqualTo(409);
        assertThat(post(approve, "{\"devices\":2}").status()).isEqualTo(400);
        assertThat(post(approve, "{\"devices\":2,\"facts\":%d,\"force\":true}".formatted(facts))
                        .status())
                .isEqualTo(400);
        hand("k2", "application/json", object(3));
        holdAll();
        assertThat(post(approve, "{\"devices\":2,\"facts\":%d}".formatted(facts))
                        .status())
                .isEqualTo(409);
        long now = json(get("/api/v1/batches/leavers")).get("facts").asLong();
        Answer released = post(approve, "{\"devices\":3,\"facts\":%d,\"remark\":\"CHG1\"}".formatted(now));
        assertThat(json(released).get("devices").asInt()).isEqualTo(3);
        assertThat(json(get("/api/v1/batches/leavers")).get("ready").asInt()).isEqualTo(3);
    }

    @Test
    void whereFourEyesAreWantedThePersonWhoHandedOverDoesNotApproveAndThePasswordIsNobody() throws Exception {
        stage.close();
        stage = ConsoleStage.in(folder)
                .set("deprovision.guard.four-eyes", "true")
                .start();
        client = stage.browser();
        String ada = "00000000-0000-4000-8000-00000000000a";
        String bob = "00000000-0000-4000-8000-00000000000b";
        asPerson(ada, "/api/v1/requests", object(1));
        holdAll();
        long facts = json(get("/api/v1/batches/leavers")).get("facts").asLong();
        String approval = "{\"devices\":1,\"facts\":%d}".formatted(facts);
        String approve = "/api/v1/batches/leavers/approve";
        Answer byPassword = post(approve, approval);
        assertThat(byPassword.status()).isEqualTo(403);
        assertThat(json(byPassword).get("detail").asText()).contains("deprovision.guard.four-eyes");
        assertThatThrownBy(() -> asPerson(ada, approve, approval)).hasMessageContaining("handed it over");
        assertThat(asPerson(bob, approve, approval).status()).isEqualTo(200);
        assertThat(json(get("/api/v1/audit?by=" + bob)).at("/entries/0/what").asText())
                .isEqualTo("approved");
    }

    /** Past the door, as this person. */
    private WebResponse asPerson(String objectId, String path, String json) throws Exception {
        Router router = new Router();
        ConsoleContext context = context();
        new ApiActions(context).addTo(router);
        new ApiRequests(context).addTo(router);
        Router.Match match = router.find("POST", path).orElseThrow();
        return match.route()
                .handler()
                .handle(request(
                        path, match.named(), json, Person.person(objectId, "A Person", List.of(Role.values()))));
    }

    private WebRequest request(String path, Map<String, String> named, String json, Person person) {
        return new WebRequest(
                "POST",
                path,
                named,
                Map.of(),
                Map.of("content-type", "application/json", "idempotency-key", "k1"),
                new WebRequest.Peer("127.0.0.1", false, true, "http://127.0.0.1"),
                Body.of(json.getBytes(StandardCharsets.UTF_8)),
                Optional.of(person),
                "");
    }

    private ConsoleContext context() {
        return new ConsoleContext(stage.configuration(), stage::reader, stage.ledger(), folder, Clock.systemUTC());
    }

    @Test
    void aBatchIsPausedResumedAndCancelled() throws IOException {
        hand("k1", "application/json", object(1));
        holdAll();
        assertThat(json(post("/api/v1/batches/leavers/pause", "{\"reason\":\"wait\"}"))
                        .get("scope")
                        .asText())
                .isEqualTo("batch:leavers");
        assertThat(post("/api/v1/batches/leavers/resume", "{}").status()).isEqualTo(400);
        assertThat(post("/api/v1/batches/leavers/pause", "{\"tenant\":\"north\"}")
                        .status())
                .isEqualTo(400);
        assertThat(json(post("/api/v1/batches/leavers/resume", "{\"reason\":\"looked at\"}"))
                        .get("pauses"))
                .isEmpty();
        assertThat(json(post("/api/v1/pause", "")).get("scope").asText()).isEqualTo("*");
        assertThat(post("/api/v1/pause", "{\"tenant\":\"nobody\"}").status()).isEqualTo(404);
        Answer tooLong = post("/api/v1/pause", "{\"reason\":\"%s\"}".formatted("x".repeat(501)));
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(json(tooLong).get("detail").asText()).contains("501 characters", "the limit is 500");
        assertThat(json(post("/api/v1/resume", "{\"reason\":\"looked at\"}"))
                        .get("words")
                        .get(0)
                        .asText())
                .contains("Resumed every tenant");
        assertThat(json(post("/api/v1/batches/leavers/cancel", "")).get("rows").asInt())
                .isOne();
        assertThat(post("/api/v1/batches/nothing/cancel", "").status()).isEqualTo(404);
        assertThat(json(post("/api/v1/batches/leavers/replay", "{\"outcomes\":[\"not-found\"]}"))
                        .get("rows")
                        .asInt())
                .isZero();
        assertThat(post("/api/v1/replay", "{\"outcomes\":[\"unknown\"]}").status())
                .isEqualTo(409);
        assertThat(post("/api/v1/replay", "{\"outcomes\":[\"deprovisioned\"]}").status())
                .isEqualTo(400);
        assertThat(post("/api/v1/replay", "").status()).isEqualTo(200);
    }

    @Test
    void theAuditLogTellsWhoDidItAndADeviceAllThatWasDoneToIt() throws IOException {
        hand("k1", "application/json", "[" + object(1) + "," + object(2) + "]");
        holdAll();
        post("/api/v1/batches/leavers/cancel", "");
        JsonNode entries = json(get("/api/v1/devices/" + Rows.id(1))).get("entries");
        assertThat(entries).hasSizeGreaterThanOrEqualTo(2);
        assertThat(entries.get(entries.size() - 1).get("outcome").asText()).isEqualTo("cancelled");
        assertThat(entries.get(entries.size() - 1).get("by").asText()).isEqualTo("console password");
        JsonNode page = json(get("/api/v1/audit?batch=leavers&limit=2"));
        assertThat(page.get("entries")).hasSize(2);
        assertThat(json(get("/api/v1/audit?batch=leavers&after="
                                + page.get("next").asText()))
                        .at("/entries/0/number")
                        .asLong())
                .isGreaterThan(page.at("/entries/1/number").asLong());
        assertThat(json(get("/api/v1/audit?since=2000-01-01&until=2000-01-02")).get("entries"))
                .isEmpty();
        assertThat(get("/api/v1/audit?since=yesterday").status()).isEqualTo(400);
    }

    @Test
    void withoutABearerNothingIsToldAndACookieOpensNothing() throws IOException {
        Answer none = checked("GET", "/api/v1/status", client.get("/api/v1/status"));
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        try (Browser browser = stage.signedIn()) {
            assertThat(browser.get("/").status()).isEqualTo(200);
            assertThat(browser.get("/api/v1/status").status()).isEqualTo(401);
        }
        assertThat(client.get("/api/v1/nothing").header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void anAppThatSignsInForItselfReadsAndHandsOverAndNothingElse() throws Exception {
        Person app = Person.app("app-id", List.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER));
        Router router = new Router();
        ConsoleContext context =
                new ConsoleContext(stage.configuration(), stage::reader, stage.ledger(), folder, Clock.systemUTC());
        new Api(context).addTo(router);
        new ApiActions(context).addTo(router);
        new ApiRequests(context).addTo(router);
        assertThat(router.routes())
                .filteredOn(route -> route.method().equals("POST"))
                .filteredOn(route -> route.right().filter(app::may).isPresent())
                .extracting(Router.Route::path)
                .containsExactly("/api/v1/requests");
        Router.Match match = router.find("POST", "/api/v1/requests").orElseThrow();
        String json =
                "{\"managedDeviceId\":\"%s\",\"deprovisionReason\":\"lost\",\"force\":\"true\",\"requestId\":\"R1\"}"
                        .formatted(Rows.id(1));
        WebRequest forced = request("/api/v1/requests", Map.of(), json, app);
        assertThatThrownBy(() -> match.route().handler().handle(forced))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("force=true");
        assertThat(stage.ledger().batches().all()).isEmpty();
    }
}
