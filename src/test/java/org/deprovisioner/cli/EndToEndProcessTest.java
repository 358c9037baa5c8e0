package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.graph.TunnelProxy;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program in a process of its own, as an enterprise runs it: behind its proxy, or with the identity of its machine. */
class EndToEndProcessTest {

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Forked run(String log) throws IOException {
        return Forked.service(Stage.home(), stage.settings(), folder.resolve(log));
    }

    @Test
    void graphAndEntraAreReachedThroughAProxyThatWantsAPasswordAndOneThatRefusesIsSaid() throws Exception {
        try (TunnelProxy proxy = new TunnelProxy("jane", "p@ss:word");
                EntraStandIn entra = new EntraStandIn(stage)) {
            String graphs = "localhost:" + stage.simulator.graphBaseUrl().getPort();
            String entras = "127.0.0.1:" + entra.port();
            stage.set("deprovision.authority", entra.authority())
                    .set("NO_PROXY", "example.com")
                    .set("HTTPS_PROXY", "http://jane:wrong-one@127.0.0.1:" + proxy.port());
            List<ManagedDevice> devices = stage.next(3);
            stage.submit("proxied", devices);
            try (Forked refused = run("refused.log");
                    Forked doctor =
                            Forked.command(Stage.home(), stage.settings(), folder.resolve("doctor.log"), "doctor")) {
                Pause pause = stage.paused("token");
                assertThat(pause.message()).contains("HTTPS_PROXY", "407");
                assertThat(doctor.awaitEnd()).isEqualTo(5);
                assertThat(doctor.output())
                        .contains("error    proxy (localhost)", "error    proxy (127.0.0.1)", "407", "HTTPS_PROXY");
                refused.tellToEnd();
                assertThat(refused.awaitEnd()).isZero();
                assertThat(refused.output() + doctor.output()).doesNotContain("wrong-one");
            }
            assertThat(stage.until("proxied", now -> true).in(OutcomeClass.FAILED))
                    .isZero();
            assertThat(entra.requests()).isEmpty();
            assertThat(stage.simulator.calls()).isEmpty();

            stage.set("HTTPS_PROXY", "http://jane:p%40ss%3Aword@127.0.0.1:" + proxy.port());
            try (Forked through = run("through.log")) {
                through.awaitSaying("Running.");
                assertThat(stage.settled("proxied", 3)).isEqualTo(Map.of("deprovisioned", 3L));
            }
            assertThat(proxy.tunnels).contains(graphs, entras);
            assertThat(proxy.heads)
                    .allSatisfy(head -> assertThat(head).startsWith("CONNECT ").doesNotContain("Bearer", "client_"));

            proxy.tunnels.clear();
            stage.set("NO_PROXY", "example.com,127.0.0.1");
            stage.submit("excepted", stage.next());
            try (Forked excepting = run("excepting.log")) {
                excepting.awaitSaying("Running.");
                assertThat(stage.settled("excepted", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            }
            assertThat(proxy.tunnels).containsOnly(graphs);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "IDENTITY_ENDPOINT, /msi/token, /msi/token?, X-IDENTITY-HEADER: planted-header",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST, '', /metadata/identity/oauth2/token?, Metadata: true"
    })
    void theIdentityOfASiteOrAVirtualMachineSignsInOnceItHasOne(
            String variable, String path, String asked, String header) throws Exception {
        try (RawServer machine = RawServer.plain(RawServer.always(RawServer.json(
                400, "{\"error\":\"invalid_request\",\"error_description\":" + "\"Identity not found\"}")))) {
            stage.set("deprovision.auth", "managed-identity")
                    .set(variable, machine.uri(path).toString());
            if (variable.startsWith("IDENTITY")) {
                stage.set("IDENTITY_HEADER", "planted-header");
            }
            List.of("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "deprovision.authority")
                    .forEach(stage.settings()::remove);
            stage.submit("identity", stage.next(3));
            try (Forked service = run("run.log")) {
                Pause pause = stage.paused("token-refused");
                assertThat(pause.message()).contains("Identity not found");
                assertThat(pause.remedy()).contains("identity");
                machine.answers((request, connection) -> {
                    boolean right = request.startsWith("GET " + asked)
                            && request.contains("resource=https%3A%2F%2Flocalhost")
                            && request.contains("\r\n" + header + "\r\n");
                    RawServer.write(
                            connection,
                            right
                                    ? RawServer.json(
                                            200,
                                            "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_on\":\"%d\"}"
                                                    .formatted(
                                                            stage.token(),
                                                            Instant.now()
                                                                    .plusSeconds(3600)
                                                                    .getEpochSecond()))
                                    : RawServer.json(403, "{\"error\":\"" + request.length() + "\"}"));
                });
                assertThat(stage.settled("identity", 3)).isEqualTo(Map.of("deprovisioned", 3L));
                assertThat(service.output()).doesNotContain("planted-header", "eyJ0eXAi");
            }
            assertThat(stage.filesWith("planted-header", "eyJ0eXAi")).isEmpty();
        }
    }
}
