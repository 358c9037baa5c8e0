package org.deprovisioner.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.deprovisioner.dispatch.LedgerComponent;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The routes that are there to be copied, as they are, against small receivers of ours. */
class SampleRoutesTest extends LedgerFixture {

    private static final String TITLE = "Paused until it is resumed: the batch 'a \"b\" <!here> é'";

    private final CamelContext camel = new DefaultCamelContext();

    @AfterEach
    void end() {
        camel.stop();
    }

    private void start(String sample, Map<String, String> settings) throws Exception {
        Path none = Files.writeString(data.resolve("protected-devices.csv"), "id,serialNumber\n");
        Settings all = SettingsReader.ofDefaults(
                        Path.of(""),
                        new TreeMap<>(Map.of(
                                "deprovision.data", data.toString(), "deprovision.guard.protected", none.toString())))
                .read()
                .settings();
        NotificationOutbox outbox = new NotificationOutbox(ledger, new Daily(all, ledger, clock), 1, Set.of());
        camel.getRegistry().bind("ledger", new LedgerComponent(() -> true));
        camel.getRegistry().bind("notifications", outbox);
        camel.getRegistry().bind("notificationOutbox", outbox);
        camel.getRegistry().bind("objectMapper", new JsonMapper());
        Properties properties = new Properties();
        properties.putAll(settings);
        camel.getPropertiesComponent().setInitialProperties(properties);
        Resource[] files = Stream.of("routes/handle-errors", "samples/routes/" + sample)
                .map(name -> PluginHelper.getResourceLoader(camel).resolveResource("file:" + name + ".camel.yaml"))
                .toArray(Resource[]::new);
        PluginHelper.getRoutesLoader(camel).loadRoutes(files);
        camel.start();
        ledger.notifications()
                .tell(
                        Notice.Kind.PAUSED,
                        "batch:a \"b\" <!here> é",
                        "It said: \"no\" [x](https://evil.example).",
                        "Look.");
        outbox.collect(Notice.Kind.PAUSED);
    }

    private static Receiver.Post only(Receiver receiver) {
        return await().until(receiver::posts, posts -> !posts.isEmpty()).get(0);
    }

    private static JsonNode json(Receiver.Post post) throws Exception {
        return JsonMapper.builder().build().readTree(post.body());
    }

    private void assertThatItIsSettled(String channel) {
        await().until(() -> ledger.notifications().due(channel, 10).isEmpty());
        assertThat(ledger.notifications().undelivered()).isEmpty();
    }

    @Test
    void aMailHasTheTitleAsItsSubjectAndTheWordsAsItsText() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.setUser("deprovisioner@example.com", "p+ss&word");
        server.start();
        try {
            start(
                    "notify-by-mail",
                    Map.of(
                            "mail.server", "smtp:127.0.0.1:" + server.getSmtp().getPort(),
                            "mail.username", "deprovisioner@example.com",
                            "mail.password", "p+ss&word",
                            "mail.to", "operations@example.com"));
            assertThat(server.waitForIncomingEmail(10_000, 1)).isTrue();
            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(mail.getSubject()).isEqualTo("[Deprovisioner] " + TITLE);
            assertThat(String.valueOf(mail.getContent()).strip())
                    .isEqualTo("It said: \"no\" [x](https://evil.example). Look.");
            assertThat(mail.getHeader("X-Deprovisioner-Id")).hasSize(1);
            assertThatItIsSettled("mail");
        } finally {
            server.stop();
        }
    }

    @Test
    void slackIsSentPlainTextInWhichNobodyIsMentioned() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            start("notify-by-slack", Map.of("slack.webhook", receiver.url("/services/T0/B0/S%2B1?a=b")));
            Receiver.Post post = only(receiver);
            assertThat(post.path()).isEqualTo("/services/T0/B0/S%2B1?a=b");
            assertThat(post.contentType()).startsWith("application/json");
            JsonNode message = json(post);
            assertThat(message.at("/blocks/0/text/type").asText()).isEqualTo("plain_text");
            assertThat(message.at("/blocks/0/text/text").asText()).isEqualTo(TITLE);
            assertThat(message.at("/blocks/1/text/text").asText())
                    .isEqualTo("It said: \"no\" [x](https://evil.example). Look.");
            assertThatItIsSettled("slack");
        }
    }

    @Test
    void teamsIsSentACardOfPlainText() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            start("notify-by-teams", Map.of("teams.webhook", receiver.url("/workflows/1?api-version=1&sig=a%2Fb")));
            Receiver.Post post = only(receiver);
            assertThat(post.path()).isEqualTo("/workflows/1?api-version=1&sig=a%2Fb");
            JsonNode card = json(post).at("/attachments/0/content");
            assertThat(card.at("/body/0/inlines/0/text").asText()).isEqualTo(TITLE);
            assertThat(card.at("/body/1/type").asText()).isEqualTo("RichTextBlock");
            assertThatItIsSettled("teams");
        }
    }

    @Test
    void serviceNowIsAskedForAnIncidentUnderTheNotificationsId() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            receiver.answer(201);
            start(
                    "notify-by-servicenow",
                    Map.of(
                            "servicenow.url", receiver.url(""),
                            "servicenow.username", "desk",
                            "servicenow.password", "p+ss&word"));
            Receiver.Post post = only(receiver);
            assertThat(post.path()).isEqualTo("/api/now/table/incident");
            assertThat(post.authorization())
                    .isEqualTo("Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            "desk:p+ss&word".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(json(post).get("short_description").asText()).isEqualTo(TITLE);
            assertThat(json(post).get("correlation_id").asText()).hasSize(36);
            assertThatItIsSettled("servicenow");
        }
    }

    @Test
    void serviceNowIsNotAskedForWhatOnlyInforms() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            start(
                    "notify-by-servicenow",
                    Map.of(
                            "servicenow.url", receiver.url(""),
                            "servicenow.username", "desk",
                            "servicenow.password", "p"));
            only(receiver);
            camel.getRegistry()
                    .lookupByNameAndType("notificationOutbox", NotificationOutbox.class)
                    .collect(Notice.Kind.DAILY);
            assertThatItIsSettled("servicenow");
            assertThat(receiver.posts()).hasSize(1);
        }
    }

    @Test
    void aReceiverThatRefusesNamesItsHostAloneAndHoldsUpNothing() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            receiver.answer(302);
            start("notify-by-slack", Map.of("slack.webhook", receiver.url("/services/T0/B0/S3CRET?sig=S1G")));
            only(receiver);
            await().until(() -> !ledger.notifications().undelivered().isEmpty());
            String error = ledger.notifications().undelivered().get(0).error();
            assertThat(error).contains("127.0.0.1", "302").doesNotContain("S3CRET", "S1G");
            assertThat(List.copyOf(receiver.posts()))
                    .extracting(Receiver.Post::path)
                    .containsExactly("/services/T0/B0/S3CRET?sig=S1G");
        }
    }
}
