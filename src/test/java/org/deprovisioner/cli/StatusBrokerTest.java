package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.deprovisioner.broker.BrokerConfiguration;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusBrokerTest {

    @TempDir
    private Path home;

    private final CamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void aBrokerThatTheRunningServiceCannotReachIsShownWithItsRemedyAndNotWhenNoServiceRuns() throws Exception {
        Installed installed = Installed.in(home).with(Map.of());
        Path data = Files.createDirectories(home.resolve("data"));
        Settings.Broker gone =
                new Settings.Broker("tcp://127.0.0.1:1", Optional.empty(), Optional.empty(), "127.0.0.1:0");
        try (BrokerConfiguration broker = BrokerConfiguration.start(data, gone, SSLContext.getDefault())) {
            broker.configure(camel);
            camel.start();
            camel.getEndpoint("jms:queue:deprovision.requests")
                    .createConsumer(exchange -> {})
                    .start();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(data.resolve("broker/faults.json")));

            assertThat(installed.run("status").out()).doesNotContain("Broker:");
            try (ServiceLock service = ServiceLock.acquireOrRefuse(data)) {
                assertThat(service).isNotNull();
                assertThat(installed.run("status").out())
                        .contains(
                                "Broker:  The broker at tcp://127.0.0.1:1 cannot be reached",
                                "Check deprovision.broker.url");
                JsonNode shown = new JsonMapper()
                        .readTree(installed.run("status", "--json").out())
                        .path("broker");
                assertThat(shown).hasSize(1);
                assertThat(shown.get(0).path("remedy").asText()).contains("deprovision.broker.url");
            }
        }
    }
}
