package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages and what their forms do, over HTTP. */
class PagesTest {

    private static final String HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
    private static final Pattern MARKUP = Pattern.compile("<script>alert|<img");

    @TempDir
    Path folder;

    private ConsoleStage stage;
    private Browser browser;
    private Seed seed;

    @BeforeEach
    void start() throws Exception {
        stage = ConsoleStage.in(folder).start();
        browser = stage.signedIn();
        seed = Seed.in(stage);
    }

    @AfterEach
    void stop() throws Exception {
        seed.close();
        browser.close();
        stage.close();
    }

    @Test
    void anEmptyLedgerHasWordsOfItsOwnOnEachPage() {
        assertThat(body("/")).contains("Nothing was handed over yet", "No batch yet", "Nothing.");
        assertThat(body("/batches")).contains("No batch yet");
        assertThat(body("/dead-letters")).contains("There are no dead letters");
        assertThat(body("/in-doubt")).contains("Nothing is in doubt");
        assertThat(body("/audit")).contains("No line.");
        assertThat(body("/devices?find=SN1")).contains("no request for a device that is called 'SN1'");
        assertThat(body("/doctor")).contains("It was not looked at");
    }

    @Test
    void theOverviewSaysWhatWaitsForAPersonAndEachNumberLeadsToItsRows() throws SQLException {
        seed.batch("held", "ada").rows("held", 7, "HELD", "", "Too many.", "Approve it.");
        seed.batch("ended", "ada")
                .rows("ended", 3, "DONE", "deprovisioned", "", "")
                .rows("ended", 2, "DEAD", "not-found", "There is no such device.", "Correct the id.");
        assertThat(body("/"))
                .contains(
                        "something waits for a person",
                        "7 rows of &#39;held&#39; are held",
                        "/batches/held/approve",
                        "2 rows failed");
        String batch = body("/batches/ended");
        assertThat(batch).contains("failed or unknown", "show&#61;done#rows", "2</strong> failed");
        assertThat(body("/batches/ended?show=failed"))
                .contains("ended 5", "There is no such device.")
                .doesNotContain("ended 3<");
        assertThat(body("/batches/ended?show=deprovisioned"))
                .contains("ended 3")
                .doesNotContain("There is no such device.");
        assertThat(browser.get("/batches/ended?show=nonsense").status()).isEqualTo(404);
        assertThat(browser.get("/batches/none").status()).isEqualTo(404);
    }

    @Test
    void aBatchThatEndedSaysWhatCameOfItsRowsAndCallsNothingWellThatWasCancelled() throws SQLException {
        seed.batch("all-done", "ada").rows("all-done", 3, "DONE", "deprovisioned", "", "");
        assertThat(body("/batches/all-done")).contains("all went well");

        seed.batch("stopped", "ada")
                .rows("stopped", 2, "DONE", "deprovisioned", "", "")
                .rows("stopped", 1, "DONE", "already-gone", "", "")
                .rows("stopped", 4, "CANCELLED", "cancelled", "", "");
        assertThat(body("/batches/stopped"))
                .contains("It has ended: 2 devices were deprovisioned; 4 rows were cancelled; 1 row needed nothing.")
                .doesNotContain("all went well");

        seed.batch("given-up", "ada").rows("given-up", 2, "CANCELLED", "cancelled", "", "");
        assertThat(body("/batches/given-up")).contains("It has ended: 2 rows were cancelled.");

        seed.batch("tried", "ada").rows("tried", 2, "DONE", "dry-run", "", "");
        assertThat(body("/batches/tried")).contains("It has ended: 2 rows were a dry run, which sends nothing.");
        assertThat(body("/batches")).contains("dry run", ">cancelled<", "ended, cancelled in part");
    }

    @Test
    void allRowsOfABatchAreListedPageAfterPageWhateverIsChosen() throws SQLException {
        seed.batch("large", "ada")
                .rows("large", 70, "DEAD", "not-found", "", "")
                .rows("large", 60, "DEAD", "mismatch", "", "")
                .rows("large", 5, "DONE", "deprovisioned", "", "");
        assertThat(listed("/batches/large")).isEqualTo(135);
        assertThat(listed("/batches/large?show=failed")).isEqualTo(130);
        assertThat(listed("/batches/large?show=mismatch")).isEqualTo(60);
        assertThat(listed("/dead-letters/" + cause("not-found"))).isEqualTo(70);
    }

    private String cause(String outcome) {
        var links = Pattern.compile("/dead-letters/([0-9a-f]{20})[^\"]*\">[0-9,]+ rows? " + outcome)
                .matcher(body("/dead-letters"));
        assertThat(links.find()).isTrue();
        return links.group(1);
    }

    private int listed(String path) {
        int rows = 0;
        String next = path;
        while (!next.isEmpty()) {
            String page = body(next);
            rows += page.split("<td class=\"number\">", -1).length - 1;
            var link = Pattern.compile("<a href=\"([^\"]+)\">Next page").matcher(page);
            next = link.find()
                    ? link.group(1).replace("&amp;", "&").replace("&#61;", "=").replaceFirst("#.*", "")
                    : "";
        }
        return rows;
    }

    @Test
    void nothingFromOutsideIsTakenForMarkup() throws Exception {
        seed.batch("b", HOSTILE).hostile("b", HOSTILE, "HELD", "");
        seed.batch("c", "ada")
                .hostile("c", HOSTILE, "DEAD", "rejected-by-graph")
                .hostile("c", HOSTILE, "IN_DOUBT", "");
        stage.ledger().pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "x", HOSTILE, HOSTILE, HOSTILE);
        seed.run(
                "insert into read_back (request, at, client_request_id, saw) select max(id), 1, 'x', ? from request",
                HOSTILE);
        String deadLetters = body("/dead-letters");
        String cause = cause("rejected-by-graph");
        List<String> pages = Stream.of(
                        "/",
                        "/batches",
                        "/batches/b",
                        "/batches/c",
                        "/batches/b/approve",
                        "/batches/b/cancel",
                        "/resume",
                        "/in-doubt",
                        "/dead-letters/" + cause,
                        "/audit",
                        "/devices?find=" + PathPart.encoded(HOSTILE),
                        "/live/overview",
                        "/live/batches/b")
                .map(this::body)
                .toList();
        assertThat(pages).allSatisfy(page -> assertThat(page).doesNotContainPattern(MARKUP));
        assertThat(deadLetters).doesNotContainPattern(MARKUP).contains("&lt;script&gt;");
        assertThat(pages.get(4)).contains("&lt;script&gt;");
    }

    @Test
    void noTemplateWritesAValueAsItIs() throws IOException {
        try (Stream<Path> templates = Files.list(Path.of("src/main/resources/console"))) {
            assertThat(templates.filter(file -> file.toString().endsWith(".mustache")))
                    .hasSizeGreaterThan(15)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .doesNotContain("{{{", "{{&", " style=", "<script>", "onclick"));
        }
    }

    @Test
    void anApprovalTakesTheNumberThatIsHeldAndNothingThatHasChangedSince() throws Exception {
        seed.batch("leavers", "ada").rows("leavers", 12, "HELD", "", "It is over the limit.", "Approve it.");
        Answer shown = browser.get("/batches/leavers/approve");
        assertThat(shown.body())
                .contains(
                        "12 devices",
                        "It is over the limit.",
                        "by <strong>ada</strong>",
                        "12 rows: Device returned",
                        "leavers 10");

        assertThat(browser.post("/batches/leavers/approve", Map.of("devices", "12", "facts", facts(shown)))
                        .status())
                .isEqualTo(403);

        Answer wrong = approve(shown, "11");
        assertThat(wrong.status()).isEqualTo(409);
        assertThat(wrong.body()).contains("not the number of devices");

        seed.rows("leavers", 1, "HELD", "", "", "");
        seed.run("update batch set facts = facts + 1, changed = changed + 1");
        Answer changed = approve(shown, "12");
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.body()).contains("has changed since it was shown");
        assertThat(held("leavers")).isEqualTo(13);

        org.awaitility.Awaitility.await()
                .until(() -> body("/batches/leavers/approve").contains("13 devices"));
        Answer right = approve(browser.get("/batches/leavers/approve"), "13");
        assertThat(right.status()).isEqualTo(303);
        assertThat(held("leavers")).isZero();
        assertThat(body(right.header("Location"))).contains("Released: 13 devices");
        assertThat(body("/batches/leavers/approve")).contains("is held any more");
    }

    private Answer approve(Answer shown, String number) {
        return browser.post(
                "/batches/leavers/approve", Map.of("csrf", shown.csrf(), "facts", facts(shown), "devices", number));
    }

    private static String facts(Answer page) {
        var facts = Pattern.compile("name=\"facts\" value=\"(\\d+)\"").matcher(page.body());
        return facts.find() ? facts.group(1) : "";
    }

    private long held(String batch) {
        return stage.ledger()
                .batches()
                .progress(batch)
                .map((Progress progress) -> progress.in(State.HELD))
                .orElse(0L);
    }

    @Test
    void aBatchIsCancelledByItsName() throws Exception {
        seed.batch("leavers", "ada").rows("leavers", 3, "READY", "", "", "");
        Answer page = browser.get("/batches/leavers/cancel");
        assertThat(page.body()).contains("3 rows of 'leavers'");
        assertThat(browser.post("/batches/leavers/cancel", Map.of("csrf", page.csrf(), "name", "other"))
                        .status())
                .isEqualTo(409);
        Answer cancelled = browser.post("/batches/leavers/cancel", Map.of("csrf", page.csrf(), "name", "leavers"));
        assertThat(body(cancelled.header("Location"))).contains("Cancelled: 3 rows");
        assertThat(stage.ledger().batches().progress("leavers").orElseThrow().in(State.CANCELLED))
                .isEqualTo(3);
    }

    @Test
    void aPauseIsOneClickAndResumingTakesAReasonThatTheAuditLogKeeps() throws Exception {
        String csrf = browser.get("/").csrf();
        assertThat(browser.post("/pause", Map.of("scope", "*")).status()).isEqualTo(403);
        assertThat(browser.post("/pause", Map.of("csrf", csrf, "scope", "nowhere"))
                        .status())
                .isEqualTo(404);
        assertThat(browser.post("/pause", Map.of("csrf", csrf, "scope", "*")).status())
                .isEqualTo(303);
        assertThat(body("/")).contains("Sending is paused for every tenant", "/resume?scope&#61;");
        assertThat(browser.post("/resume", Map.of("csrf", csrf, "scope", "*", "reason", " "))
                        .status())
                .isEqualTo(409);
        Answer tooLong = browser.post("/resume", Map.of("csrf", csrf, "scope", "*", "reason", "x".repeat(501)));
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body()).contains("the limit is 500");
        assertThat(stage.ledger().pauses().all()).hasSize(1);
        Answer resumed =
                browser.post("/resume", Map.of("csrf", csrf, "scope", "*", "reason", "The firewall is open again"));
        assertThat(body(resumed.header("Location"))).contains("Resumed every tenant");
        assertThat(stage.ledger().pauses().all()).isEmpty();
        org.awaitility.Awaitility.await().untilAsserted(() -> {
            new org.deprovisioner.audit.AuditLog(stage.data(), stage.ledger().audit()).append();
            assertThat(body("/audit?what=resumed")).contains("The firewall is open again", "console password");
        });
        assertThat(body("/audit?text=firewall")).contains("resumed").doesNotContain(">paused<");
        String csrfOfAudit = browser.get("/audit").csrf();
        browser.post("/audit/verify", Map.of("csrf", csrfOfAudit));
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(body("/live/audit")).contains("Whole: "));
        var day = Pattern.compile("href=\"(/audit/\\d[^\"]+)\"").matcher(body("/audit"));
        assertThat(day.find()).isTrue();
        assertThat(body(day.group(1))).contains("\"hash\":");
        assertThat(browser.get("/audit/..%2f..%2fetc").status()).isIn(400, 404);
    }

    @Test
    void deadLettersOfOneCauseArePutBackTogetherAndThoseOfAnotherStay() throws Exception {
        seed.batch("x", "ada")
                .rows("x", 4, "DEAD", "retries-exhausted", "No answer.", "Look at the network, then replay.")
                .rows("x", 2, "DEAD", "unknown", "Nobody knows.", "Look at the device.");
        assertThat(body("/dead-letters")).contains("4 rows retries-exhausted", "Look at the network", "2 rows unknown");
        String path = "/dead-letters/" + cause("retries-exhausted");
        Answer replayed =
                browser.post(path + "/replay", Map.of("csrf", browser.get(path).csrf()));
        assertThat(body(replayed.header("Location"))).contains("Put back: 4 rows");
        assertThat(stage.ledger().batches().progress("x").orElseThrow().in(State.DEAD))
                .isEqualTo(2);
        org.awaitility.Awaitility.await().until(() -> !body("/dead-letters").contains("retries-exhausted"));
        String unknown = "/dead-letters/" + cause("unknown");
        Answer refused = browser.post(
                unknown + "/replay", Map.of("csrf", browser.get(unknown).csrf()));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("may have been carried out");
        browser.post(unknown + "/replay", Map.of("csrf", browser.get(unknown).csrf(), "looked", "yes"));
        assertThat(stage.ledger().batches().progress("x").orElseThrow().in(State.DEAD))
                .isZero();
    }

    @Test
    void aDeviceIsFoundByIdSerialNumberAndName() throws Exception {
        seed.batch("x", "ada").rows("x", 3, "DONE", "deprovisioned", "", "");
        seed.run("insert into tenant (name) values ('default') on conflict do nothing");
        seed.run(
                "insert into attempt (request, tenant, client_request_id, begun, ended, http_status, graph_request_id, result)"
                        + " select id, 'default', 'the-client-id', 5000, 6000, 204, 'the-graph-id', 'ok' from request where line = 3");
        for (String name : List.of("x-2", "X%202", serial())) {
            assertThat(body("/devices?find=" + name))
                    .as(name)
                    .contains("x 2", "deprovisioned", "handed over by ada", "Graph answered 204", "the-graph-id");
        }
    }

    private String serial() {
        var serial = Pattern.compile("SN\\d+X2").matcher(body("/batches/x"));
        assertThat(serial.find()).isTrue();
        return serial.group();
    }

    @Test
    void inDoubtShowsWhatEachLookSaw() throws Exception {
        seed.batch("x", "ada").rows("x", 30, "IN_DOUBT", "", "No answer came.", "");
        seed.run(
                "insert into read_back (request, at, client_request_id, saw) select min(id), 1000, 'x', 'The device is there.' from request");
        String page = body("/in-doubt");
        assertThat(page).contains("The device is there.", "No look yet.", "Next page");
    }

    @Test
    void theResultsOfABatchAreDownloaded() throws Exception {
        seed.batch("x", "ada").rows("x", 2, "DONE", "deprovisioned", "", "");
        Answer results = browser.get("/batches/x/results.csv");
        assertThat(results.body()).contains("outcome").contains("deprovisioned");
        assertThat(results.header("Content-Disposition")).contains("attachment");
    }

    private String body(String path) {
        Answer answer = browser.get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }
}
