package org.deprovisioner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.graph.TunnelProxy;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.token.Identity;
import org.deprovisioner.token.PersonsAnswers;
import org.deprovisioner.vault.StandIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of credential, each in a tenant of its own of one service that logs all it can, at an Entra that repeats what
 * it is sent: nothing of them is found in what the processes write, nor in how they were started.
 */
class PlantedCredentialsTest {

    private static final List<String> PLANTED = List.of(
            "planted-client-secret",
            "planted-vaulted-secret",
            "planted-certificate-password",
            "planted-federated-token",
            "planted-refresh-token",
            "planted-proxy-password",
            Base64.getEncoder().encodeToString("jane:planted-proxy-password".getBytes(UTF_8)),
            "planted-broker-password",
            StandIn.TOKEN,
            "eyJ0eXAi");

    @TempDir
    private Path folder;

    private final Set<String> repeated = ConcurrentHashMap.newKeySet();
    private Stage stage;

    @Test
    void noCredentialAndNoTokenIsFoundAnywhere() throws Exception {
        try (Stage opened = Stage.in(folder);
                EntraStandIn entra = new EntraStandIn(opened);
                StandIn vault = new StandIn();
                TunnelProxy proxy = new TunnelProxy("jane", "planted-proxy-password")) {
            stage = opened;
            entra.falls(this::repeatThenGrant);
            settings(entra, vault, proxy);
            List<String> written = new ArrayList<>();
            written.add(command("login", "--tenant", "person"));

            List<ManagedDevice> devices = new ArrayList<>();
            StringBuilder rows = new StringBuilder(Stage.TENANTS_HEADER + "secret,no-device,broken\n");
            for (String tenant : List.of("secret", "vaulted", "certificate", "federated", "person")) {
                devices.add(stage.next());
                rows.append(Stage.rows(tenant, devices.subList(devices.size() - 1, devices.size())));
            }
            stage.submit("planted", rows.toString());
            try (Forked service = run("run", "--debug")) {
                service.awaitSaying("Running.");
                send("{\"tenant\":\"secret\",\"batch\":\"sent\",\"managedDeviceId\":\""
                        + stage.next().id() + "\",\"deprovisionReason\":\"broken\"}");
                assertThat(stage.settled("planted", 6)).isEqualTo(Map.of("deprovisioned", 5L, "invalid", 1L));
                assertThat(stage.settled("sent", 1)).isEqualTo(Map.of("deprovisioned", 1L));
                assertThat(repeated)
                        .as("each was refused once, with its own words")
                        .hasSize(5);
                Stage.written(stage.data.resolve("dead-letter/planted.csv"), "invalid");

                written.add(command("doctor", "--json", "--debug"));
                written.add(command("status", "--json", "--debug"));
                written.add(command("results", "planted", "--json"));
                written.add(command("audit", "--json"));
                written.add(command("run", "--debug"));
                assertThat(written).last().asString().contains("\tat org.deprovisioner", "already works on");
                written.add(service.commandLine());
                service.tellToEnd();
                assertThat(service.awaitEnd()).isZero();
                written.add(service.output());
            }
            List<String> secrets = new ArrayList<>(PLANTED);
            entra.requests()
                    .forEach(request -> Pattern.compile("client_assertion=([^&]+)")
                            .matcher(request)
                            .results()
                            .map(MatchResult::group)
                            .forEach(secrets::add));
            assertThat(secrets).hasSizeGreaterThan(PLANTED.size() + 3);
            assertThat(Stage.written(stage.data.resolve("logs/deprovisioner.log"), " DEBUG "))
                    .contains("token");
            assertThat(secrets).allSatisfy(secret -> {
                assertThat(written.stream().flatMap(String::lines).filter(line -> line.contains(secret)))
                        .isEmpty();
                assertThat(stage.filesWith(secret))
                        .as("what is kept of a person's sign-in lies in its own folder alone")
                        .allMatch(file -> file.startsWith(stage.data.resolve("login")));
                assertThat(stage.ledger().pauses().all())
                        .extracting(Pause::message)
                        .noneMatch(text -> text.contains(secret));
            });
        }
    }

    private void settings(EntraStandIn entra, StandIn vault, TunnelProxy proxy) throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("logback.xml"),
                Files.readString(Path.of("config/logback.xml")).replaceAll("level=\"[A-Z]+\"", "level=\"DEBUG\""));
        Files.writeString(config.resolve("application.properties"), "");
        Path authorities = Path.of(stage.settings().getOrDefault("deprovision.tls.ca-file", ""));
        Files.writeString(authorities, Files.readString(authorities) + Files.readString(vault.caFile(folder)));
        vault.put("secret/data/graph", "{\"key\":\"planted-vaulted-secret\"}");
        vault.settings().forEach(stage::set);
        stage.settings().remove("AZURE_CLIENT_SECRET");
        stage.set("deprovision.config", config.toString())
                .set("HTTPS_PROXY", "http://jane:planted-proxy-password@127.0.0.1:" + proxy.port())
                .set("deprovision.broker.url", "embedded")
                .set("deprovision.broker.user", "desk")
                .set("deprovision.broker.password", "planted-broker-password");
        tenant("secret", entra, "client-secret", "planted-client-secret");
        tenant("vaulted", entra, "client-secret", "{{hashicorp:secret:graph#key}}");
        Path pfx = Identity.made("CN=app").pfx(folder.resolve("app.pfx"), "planted-certificate-password");
        tenant("certificate", entra, "auth", "client-certificate");
        tenant("certificate", entra, "certificate", pfx.toString());
        tenant("certificate", entra, "certificate-password", "planted-certificate-password");
        Path federated = Files.writeString(folder.resolve("federated"), "planted-federated-token");
        tenant("federated", entra, "auth", "workload-identity");
        tenant("federated", entra, "federated-token-file", federated.toString());
        tenant("person", entra, "auth", "device-code");
    }

    private void tenant(String name, EntraStandIn entra, String setting, String value) {
        String own = "deprovision.tenants." + name + ".";
        stage.set(own + "tenant-id", name + ".example.com")
                .set(own + "authority", entra.authority())
                .set(own + setting, value);
    }

    /** Refuses each tenant once, repeating all that was sent, and grants from then on. */
    private void repeatThenGrant(String request, Socket connection) throws IOException {
        String path = request.split(" ", 3)[1];
        String form = URLDecoder.decode(request.split("\r\n\r\n", 2)[1], UTF_8);
        boolean poll = form.contains("device_code");
        String answer;
        if (path.endsWith("/devicecode")) {
            answer = PersonsAnswers.deviceCode();
        } else if (!poll
                && repeated.add(
                        PLANTED.stream().filter(form::contains).findFirst().orElse("certificate"))) {
            answer = RawServer.json(
                    401,
                    "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: " + form.replace('"', '\'')
                            + "\"}");
        } else if (poll || form.contains("refresh_token=")) {
            answer = PersonsAnswers.signedIn(stage.token(), "planted-refresh-token");
        } else {
            answer = RawServer.json(
                    200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"" + stage.token() + "\"}");
        }
        RawServer.write(connection, answer);
    }

    private void send(String message) throws Exception {
        String url = "tcp://" + stage.settings().get("deprovision.broker.listen");
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url, "desk", "planted-broker-password");
                Connection connection = factory.createConnection();
                Session session = connection.createSession()) {
            session.createProducer(session.createQueue("deprovision.requests"))
                    .send(session.createTextMessage(message));
        }
    }

    private Forked run(String... arguments) throws IOException {
        return Forked.command(
                Stage.home(), stage.settings(), Files.createTempFile(folder, arguments[0], ".log"), arguments);
    }

    /** What a command printed, and how it was started. */
    private String command(String... arguments) throws Exception {
        try (Forked command = run(arguments)) {
            String started = command.commandLine();
            int code = command.awaitEnd();
            assertThat(code).as(command.output()).isNotEqualTo(2).isNotEqualTo(3);
            return started + "\n" + command.output();
        }
    }
}
