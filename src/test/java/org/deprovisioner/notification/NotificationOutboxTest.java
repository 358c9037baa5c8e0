package org.deprovisioner.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.ledger.Notifications.Delivery;
import org.deprovisioner.ledger.Notifications.Undelivered;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.report.ServiceState;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.token.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens in the ledger is told, as often as it must be and no more, to a receiver that may be down. */
class NotificationOutboxTest extends LedgerFixture {

    private static final String SECRET = "a secret of both";
    private static final String PATH = "/hook/T0KEN?sig=S1GNATURE";

    private Receiver receiver;
    private GraphHttp http;
    private CloseableHttpClient client;
    private NotificationOutbox outbox;
    private Settings settings;

    @BeforeEach
    void prepare() throws Exception {
        receiver = Receiver.start();
        Path none = Files.writeString(data.resolve("protected-devices.csv"), "id,serialNumber\n");
        settings = SettingsReader.ofDefaults(
                        Path.of(""),
                        new TreeMap<>(Map.of(
                                "deprovision.data", data.toString(), "deprovision.guard.protected", none.toString())))
                .read()
                .settings();
        http = new GraphHttp(
                new Settings.Graph(
                        settings.graph().baseUrl(), Duration.ofSeconds(10), Optional.empty(), Optional.empty()),
                1);
        client = http.client();
        outbox = outbox(1);
        outbox.collect(Notice.Kind.DAILY); // of this day; what the tests look at comes after it
        dueByWebhook().forEach(outbox::sent);
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        http.close();
        receiver.close();
    }

    private NotificationOutbox outbox(int afterDeadLetters) {
        NotificationOutbox made =
                new NotificationOutbox(ledger, new Daily(settings, ledger, clock), afterDeadLetters, Set.of());
        made.of("webhook");
        return made;
    }

    private static SecretReference secret(String value) {
        return new SecretReference(new Secret(value), Optional.empty());
    }

    private List<Delivery> dueByWebhook() {
        return outbox.of("webhook").take(100);
    }

    private void collect() {
        outbox.kinds().forEach(outbox::collect);
    }

    /** As the routes do it, once. */
    private void collectAndSend() {
        collect();
        send(receiver.url(PATH), clock);
    }

    private void send(String url, Clock now) {
        Webhook webhook = new Webhook(Optional.of(secret(url)), Optional.of(secret(SECRET)), client, now);
        for (Delivery each : dueByWebhook()) {
            try {
                webhook.post(each);
                outbox.sent(each);
            } catch (IOException fault) {
                outbox.notDelivered(each, fault);
            }
        }
    }

    private List<JsonNode> received() throws IOException {
        List<JsonNode> all = new java.util.ArrayList<>();
        for (Receiver.Post post : receiver.posts()) {
            all.add(JsonMapper.builder().build().readTree(post.body()));
        }
        return all;
    }

    private List<String> titles() throws IOException {
        return received().stream().map(each -> each.get("title").asText()).toList();
    }

    private void hold(String batch, int device) {
        takeIn(batch, List.of(Rows.row(2, device)));
        resolveAll();
        ledger.units()
                .toGuard(10)
                .forEach(unit -> ledger.units()
                        .guard(unit, counts -> new Verdict.Hold("More than 500 devices.", "Approve it.")));
    }

    @Test
    void aHeldBatchIsToldWithItsReasonAndRemedySignedOverTimestampAndBody() throws Exception {
        hold("leavers", 1);
        collectAndSend();
        assertThat(receiver.posts()).hasSize(1);
        Receiver.Post post = receiver.posts().get(0);
        JsonNode body = received().get(0);
        assertThat(body.get("kind").asText()).isEqualTo("batch-held");
        assertThat(body.get("title").asText()).isEqualTo("The batch 'leavers' is held: 1 device");
        assertThat(body.get("text").asText()).isEqualTo("More than 500 devices. Approve it.");
        assertThat(body.at("/events/0/batch").asText()).isEqualTo("leavers");
        assertThat(body.get("id").asText()).isEqualTo(post.id());
        assertThat(post.timestamp()).isEqualTo(String.valueOf(clock.instant().getEpochSecond()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(post.signature())
                .isEqualTo("sha256="
                        + HexFormat.of()
                                .formatHex(mac.doFinal(
                                        (post.timestamp() + "." + post.body()).getBytes(StandardCharsets.UTF_8))));
        assertThat(dueByWebhook()).isEmpty();
    }

    @Test
    void anEndedBatchIsToldWithItsCountsOnceItsFilesAreWritten() throws Exception {
        String batch = makeReady("leavers", List.of(Rows.row(2, 1), Rows.row(3, 2)));
        send(Outcome.DEPROVISIONED);
        ledger.batches().changed().forEach(ledger.batches()::written);
        collectAndSend();
        assertThat(titles()).isEmpty();
        send(Outcome.REJECTED_BY_GRAPH);
        ledger.batches().changed().forEach(ledger.batches()::written);
        collectAndSend();
        assertThat(titles())
                .containsExactlyInAnyOrder(
                        "The batch '" + batch + "' has ended: 1 done, 0 skipped, 1 failed, 0 unknown",
                        "1 request of the batch 'leavers' became a dead letter");
    }

    @Test
    void aPauseThatNeedsResumeIsToldOnceAndOneThatEndsByItselfIsNot() throws Exception {
        ledger.pauses().pause("north", Pause.EndsBy.PROBE, "token", "No token.", "", "Deprovisioner");
        ledger.pauses().pause("south", Pause.EndsBy.RESUME, "403", "Refused five times.", "Look.", "Deprovisioner");
        ledger.pauses().pause("south", Pause.EndsBy.RESUME, "403", "Refused five times.", "Look.", "Deprovisioner");
        collectAndSend();
        clock.pass(Duration.ofMinutes(2));
        collectAndSend();
        assertThat(titles()).containsExactly("Paused until it is resumed: the tenant 'south'");
        assertThat(received().get(0).get("text").asText()).isEqualTo("Refused five times. Look.");
    }

    @Test
    void theFirstOfAKindIsToldAtOnceAndThoseOfTheMinuteAfterItTogether() throws Exception {
        hold("first", 1);
        collectAndSend();
        for (int device = 2; device <= 30; device++) {
            hold("batch" + device, device);
            clock.pass(Duration.ofSeconds(1));
            collectAndSend();
        }
        assertThat(receiver.posts()).hasSize(1);
        clock.pass(Duration.ofSeconds(31));
        collectAndSend();
        assertThat(receiver.posts()).hasSize(2);
        JsonNode digest = received().get(1);
        assertThat(digest.get("title").asText()).isEqualTo("29 batches are held");
        assertThat(digest.get("events")).hasSize(20);
        assertThat(digest.get("more").asInt()).isEqualTo(9);
        assertThat(digest.get("text").asText()).contains("'batch2' is held: 1 device", "… and 9 more");
    }

    @Test
    void deadLettersBelowTheNumberWaitForMoreOfTheirBatch() throws Exception {
        outbox = outbox(3);
        makeReady("leavers", List.of(Rows.row(2, 1), Rows.row(3, 2), Rows.row(4, 3)));
        send(Outcome.REJECTED_BY_GRAPH);
        send(Outcome.REJECTED_BY_GRAPH);
        collectAndSend();
        assertThat(titles()).isEmpty();
        send(Outcome.REJECTED_BY_GRAPH);
        collectAndSend();
        assertThat(titles()).containsExactly("3 requests of the batch 'leavers' became dead letters");
    }

    @Test
    void whatIsInDoubtIsTold() throws Exception {
        makeReady("leavers", List.of(Rows.row(2, 1)));
        ledger.attempts().settleInDoubt(beginOne(), "No answer within 30 s", 0, "");
        collectAndSend();
        assertThat(titles()).containsExactly("1 request of the batch 'leavers' is in doubt");
        assertThat(received().get(0).get("text").asText()).startsWith("No answer within 30 s.");
    }

    @Test
    void aReceiverThatIsDownForAnHourGetsEachNotificationOnceItIsBack() throws Exception {
        int port = receiver.port();
        receiver.close();
        for (int minute = 1; minute <= 60; minute++) {
            hold("batch" + minute, minute);
            collect();
            send("http://127.0.0.1:" + port + PATH, clock);
            clock.pass(Duration.ofMinutes(1));
        }
        receiver = Receiver.start(port);
        clock.pass(Duration.ofMinutes(5)); // no interval is longer
        collectAndSend();
        collectAndSend();
        assertThat(received().stream().flatMap(each -> each.findValuesAsText("batch").stream()))
                .hasSize(60)
                .doesNotHaveDuplicates();
        assertThat(receiver.posts()).extracting(Receiver.Post::id).doesNotHaveDuplicates();
    }

    @Test
    void theIntervalsGrowAndAfterThreeDaysItIsGivenUpAndSaid() throws Exception {
        receiver.answer(500);
        hold("leavers", 1);
        collect();
        Duration passed = Duration.ZERO;
        while (!dueByWebhook().isEmpty()
                || ledger.notifications().undelivered().get(0).waiting() > 0) {
            send(receiver.url(PATH), clock);
            clock.pass(Duration.ofMinutes(4));
            passed = passed.plusMinutes(4);
        }
        assertThat(passed).isBetween(Duration.ofDays(3), Duration.ofDays(3).plusHours(1));
        assertThat(receiver.posts()).hasSizeLessThan(1000);
        assertThat(receiver.posts())
                .extracting(Receiver.Post::id)
                .containsOnly(receiver.posts().get(0).id());
        Undelivered told = ledger.notifications().undelivered().get(0);
        assertThat(told.givenUp()).isOne();
        assertThat(told.error()).isEqualTo("127.0.0.1 answered 500.");
        assertThat(SystemStatus.of(new ServiceState(true, false, "", List.of()), List.of(), List.of(), settings, ledger)
                        .undeliveredNotifications())
                .singleElement()
                .satisfies(line -> assertThat(line.sentence())
                        .startsWith("Notifications do not leave by webhook since ")
                        .endsWith(": 0 waiting, 1 given up. 127.0.0.1 answered 500."));
        assertThat(ledger.audit().waiting(100))
                .anySatisfy(entry -> assertThat(entry.fields())
                        .containsEntry("what", "not-notified")
                        .hasEntrySatisfying(
                                "remark",
                                remark -> assertThat(remark.toString())
                                        .contains("'The batch 'leavers' is held: 1 device' was given up")));
        receiver.answer(200);
        hold("later", 2);
        collectAndSend();
        assertThat(ledger.notifications().undelivered()).isEmpty();
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        receiver.answer(307);
        hold("leavers", 1);
        collectAndSend();
        assertThat(receiver.posts()).extracting(Receiver.Post::path).containsExactly(PATH);
        assertThat(ledger.notifications().undelivered().get(0).error())
                .isEqualTo("127.0.0.1 answered with a redirect (307), which is not followed. Set"
                        + " deprovision.notifications.webhook to where it leads.");
    }

    @Test
    void whoIsKilledBetweenTheSendingAndItsSettlementSendsItAgainUnderTheSameId() throws Exception {
        hold("leavers", 1);
        collect();
        Webhook webhook = new Webhook(Optional.of(secret(receiver.url(PATH))), Optional.empty(), client, clock);
        webhook.post(dueByWebhook().get(0));
        ledger.close();
        ledger = open();
        outbox = outbox(1);
        collectAndSend();
        assertThat(receiver.posts()).hasSize(2);
        assertThat(receiver.posts())
                .extracting(Receiver.Post::id)
                .containsOnly(receiver.posts().get(0).id());
        assertThat(receiver.posts())
                .extracting(Receiver.Post::body)
                .containsOnly(receiver.posts().get(0).body());
        assertThat(receiver.posts().get(0).signature()).isEqualTo("null");
    }

    @Test
    void whatIsNotCommittedIsNotTold() {
        takeIn("leavers", List.of(Rows.row(2, 1)));
        resolveAll();
        ledger.units().toGuard(10).forEach(unit -> {
            try {
                ledger.units().guard(unit, counts -> {
                    throw new IllegalStateException("cut off");
                });
            } catch (IllegalStateException expected) {
                // its transaction is undone as a whole
            }
        });
        assertThat(outbox.kinds()).isEmpty();
    }

    @Test
    void onceADayItIsToldThatAllIsWellOrWhatIsNot() throws Exception {
        clock.pass(Duration.ofHours(25));
        collectAndSend();
        assertThat(titles()).containsExactly("All is well");
        collectAndSend();
        assertThat(receiver.posts()).hasSize(1);
        hold("leavers", 1);
        clock.pass(Duration.ofHours(25));
        collectAndSend();
        assertThat(titles()).contains("Deprovisioner runs, and needs attention");
        assertThat(received().get(1).get("text").asText()).contains("held: 'leavers', 1 device");
    }

    @Test
    void eachChannelIsGivenAllAndOneThatFailsHoldsUpNoOther() throws Exception {
        outbox.of("mail");
        hold("leavers", 1);
        collectAndSend();
        List<Delivery> mail = outbox.of("mail").take(10);
        assertThat(mail).hasSize(1);
        outbox.notDelivered(
                mail.get(0),
                new IOException("POST failed: https://user:pass@hooks.example.com/T0KEN?sig=S1GNATURE with 403"));
        assertThat(receiver.posts()).hasSize(1);
        assertThat(ledger.notifications().undelivered())
                .containsExactly(
                        new Undelivered("mail", 1, 0, clock.instant(), "POST failed: hooks.example.com with 403"));
        assertThat(mail.get(0).id()).isEqualTo(receiver.posts().get(0).id());
    }

    @Test
    void theConsolesCertificateIsToldOfFourteenDaysBeforeItEnds() throws Exception {
        Identity made = Identity.made("CN=console");
        String pem = made.pem(data.resolve("console.pem"), "").toString();
        isToldOfFourteenDaysBefore(
                made.certificate().getNotAfter().toInstant(),
                with(Map.of("deprovision.console.tls.certificate", pem, "deprovision.console.tls.key", pem))
                        .read(),
                "The console's certificate ends soon");
    }

    @Test
    void aTenantsCertificateIsToldOfFourteenDaysBeforeItEnds() throws Exception {
        Identity made = Identity.made("CN=app");
        isToldOfFourteenDaysBefore(
                made.certificate().getNotAfter().toInstant(),
                with(Map.of(
                                "deprovision.auth",
                                "client-certificate",
                                "AZURE_TENANT_ID",
                                "00000000-0000-4000-8000-000000000001",
                                "AZURE_CLIENT_ID",
                                "00000000-0000-4000-8000-000000000002",
                                "AZURE_CLIENT_CERTIFICATE_PATH",
                                made.pem(data.resolve("app.pem"), "").toString()))
                        .readWithCredentials(),
                "The certificate of the tenant 'default' ends soon");
    }

    private SettingsReader with(Map<String, String> certificate) {
        Map<String, String> all = new TreeMap<>(certificate);
        all.put("deprovision.data", data.toString());
        all.put(
                "deprovision.guard.protected",
                data.resolve("protected-devices.csv").toString());
        return SettingsReader.ofDefaults(Path.of(""), all);
    }

    private void isToldOfFourteenDaysBefore(Instant ends, Configuration configuration, String title) throws Exception {
        Settings withCertificate = configuration.settings();
        new Daily(withCertificate, ledger, Clock.fixed(ends.minus(Duration.ofDays(15)), ZoneOffset.UTC)).tell();
        collectAndSend();
        assertThat(titles()).noneMatch(told -> told.contains("certificate"));
        new Daily(withCertificate, ledger, Clock.fixed(ends.minus(Duration.ofDays(13)), ZoneOffset.UTC)).tell();
        collectAndSend();
        assertThat(titles()).contains(title);
    }

    @Test
    void withoutAChannelNothingIsKept() {
        outbox = new NotificationOutbox(ledger, new Daily(settings, ledger, clock), 1, Set.of("webhook"));
        outbox.of("webhook");
        hold("leavers", 1);
        collect();
        assertThat(outbox.kinds()).isEmpty();
        assertThat(dueByWebhook()).isEmpty();
    }
}
