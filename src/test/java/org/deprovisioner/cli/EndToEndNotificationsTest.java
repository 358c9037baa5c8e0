package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.State;
import org.deprovisioner.notification.Receiver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens in the running service is posted, whatever the receiver does; and what the receiver does disturbs nothing. */
class EndToEndNotificationsTest {

    @TempDir
    private Path folder;

    private static List<String> kinds(Receiver receiver) {
        return receiver.posts().stream()
                .map(post -> json(post).get("kind").asText())
                .distinct()
                .toList();
    }

    private static JsonNode json(Receiver.Post post) {
        try {
            return JsonMapper.builder().build().readTree(post.body());
        } catch (com.fasterxml.jackson.core.JsonProcessingException noJson) {
            throw new IllegalStateException(noJson);
        }
    }

    @Test
    void whileTheReceiverHangsAllIsSentAndOnceItAnswersAllIsToldOverARestartToo() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Stage stage = Stage.in(folder)) {
            Path address = Files.writeString(
                    folder.resolve("webhook"), "http://127.0.0.1:" + hanging.getLocalPort() + "/S3CRET\n");
            Files.writeString(folder.resolve("secret"), "of both\n");
            stage.set("deprovision.notifications.webhook-file", address.toString())
                    .set(
                            "deprovision.notifications.webhook-secret-file",
                            folder.resolve("secret").toString())
                    .set("deprovision.guard.max-per-batch", "3")
                    .set("deprovision.timeout", "2s")
                    .start();
            stage.submit("done", stage.next(3));
            stage.submit("held", stage.next(4));
            assertThat(stage.settled("done", 3)).isEqualTo(Map.of("deprovisioned", 3L));
            stage.until("held", progress -> progress.in(State.HELD) == 4);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !stage.ledger().notifications().undelivered().isEmpty());
            assertThat(stage.ledger().notifications().undelivered().get(0).error())
                    .contains("no answer within 2000 ms")
                    .doesNotContain("S3CRET");
            stage.stop();
            try (Receiver receiver = Receiver.start()) {
                Files.writeString(address, receiver.url("/S3CRET?sig=1"));
                stage.start();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> kinds(receiver).containsAll(List.of("daily", "batch-held", "batch-ended")));
                assertThat(receiver.posts())
                        .allMatch(post -> post.path().equals("/S3CRET?sig=1"))
                        .allMatch(post -> post.signature().startsWith("sha256="));
                assertThat(receiver.posts())
                        .extracting(post -> json(post).get("title").asText())
                        .contains(
                                "The batch 'held' is held: 4 devices",
                                "The batch 'done' has ended: 3 done, 0 skipped, 0 failed, 0 unknown");
            }
            stage.stop();
            assertThat(stage.filesWith("S3CRET", "of both")).isEmpty();
        }
    }
}
