package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Graph whose answers to actions never end, though something of them comes again and again. */
class EndToEndDripsTest {

    private static final Pattern DEVICE = Pattern.compile("(GET|POST) \\S+/managedDevices/([0-9a-f-]{36})");

    @TempDir
    private Path folder;

    private final Set<String> acted = ConcurrentHashMap.newKeySet();

    private void answer(String request, Socket connection) throws IOException {
        Matcher device = DEVICE.matcher(request);
        if (!device.lookingAt()) {
            RawServer.write(connection, RawServer.json(200, "{\"value\":[]}"));
        } else if (device.group(1).equals("POST")) {
            acted.add(device.group(2));
            RawServer.drip(connection, "", "HTTP/1.1 102 Processing\r\n\r\n");
        } else {
            String action = "{\"actionName\":\"deprovision\",\"actionState\":\"done\",\"startDateTime\":\""
                    + Instant.now() + "\"}";
            RawServer.write(
                    connection,
                    RawServer.json(
                            200,
                            "{\"id\":\"" + device.group(2)
                                    + "\",\"operatingSystem\":\"ChromeOS\",\"deviceActionResults\":["
                                    + (acted.contains(device.group(2)) ? action : "") + "]}"));
        }
    }

    @Test
    void anActionWhoseAnswerNeverEndsIsInDoubtAtTheDeadlineAndHoldsNoWorker() throws Exception {
        Certificates certificates = new Certificates();
        try (Stage stage = Stage.in(folder);
                RawServer graph = RawServer.tls(certificates.server("127.0.0.1"), this::answer)) {
            Path trusted = Files.writeString(
                    folder.resolve("trusted.pem"),
                    Files.readString(stage.simulator.caFile()) + Files.readString(certificates.caFile(folder)));
            stage.set("deprovision.tls.ca-file", trusted.toString())
                    .set("deprovision.graph.base-url", graph.uri("/beta").toString())
                    .set("deprovision.timeout", "500ms")
                    .set("deprovision.concurrency", "1");
            List<ManagedDevice> devices = stage.next(3);
            stage.submit("drips", devices);
            stage.start();
            assertThat(stage.settled("drips", 3)).isEqualTo(Map.of("confirmed-by-read-back", 3L));
            assertThat(graph.requests)
                    .filteredOn(request -> request.contains("/deprovision HTTP"))
                    .as("each is sent once")
                    .hasSize(3);
        }
    }
}
