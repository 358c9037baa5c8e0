package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.token.PersonsAnswers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command login as a user types it, against a stand-in for Entra ID. */
class LoginTest {

    @TempDir
    private Path home;

    private RawServer entra;
    private String auth = "device-code";

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void start() throws Exception {
        Certificates certificates = new Certificates();
        certificates.caFile(home);
        entra = RawServer.tls(certificates.server("127.0.0.1"), LoginTest::answer);
        installed = Installed.in(home);
    }

    @AfterEach
    void stop() throws IOException {
        entra.close();
    }

    private static void answer(String request, Socket connection) throws IOException {
        RawServer.write(
                connection,
                request.contains("/devicecode ")
                        ? PersonsAnswers.deviceCode()
                        : PersonsAnswers.signedIn("access-token-1", "refresh-token-1"));
    }

    private record Ended(int code, String out) {}

    private Ended login(String... options) throws IOException {
        Files.writeString(home.resolve("config/application.properties"), """
                deprovision.auth=%s
                deprovision.authority=%s
                deprovision.tls.ca-file=ca.pem
                AZURE_TENANT_ID=contoso
                AZURE_CLIENT_ID=app
                AZURE_CLIENT_SECRET=secret
                """.formatted(auth, entra.uri("/contoso")));
        Installed.Ended ended = installed.run(
                Stream.concat(Stream.of("login"), Stream.of(options)).toArray(String[]::new));
        return new Ended(ended.code(), ended.all());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPersonIsToldTheCodeAndTheSignInIsKeptForThisUserAlone() throws Exception {
        Ended signedIn = login();
        assertThat(signedIn.code()).as(signedIn.out()).isZero();
        assertThat(signedIn.out())
                .contains("Type ABCD-EFGH", "Signed in as jane@example.com")
                .doesNotContain("token-1");
        Path kept = home.resolve("data/login");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("default.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatEntraRefusesIsSaidWithItsRemedy() throws Exception {
        entra.answers(RawServer.always(RawServer.json(
                400,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000218: The request body must contain"
                        + " client_assertion or client_secret.\"}")));
        Ended refused = login();
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.out())
                .contains("AADSTS7000218", "allow public client flows")
                .doesNotContain("\tat ");
    }

    @Test
    void aTenantThatUsesNoPersonsPermissionsNeedsNoLogin() throws Exception {
        auth = "client-secret";
        Ended needless = login();
        assertThat(needless.code()).isEqualTo(3);
        assertThat(needless.out()).contains("deprovision.auth=device-code");
        assertThat(entra.requests).isEmpty();
    }

    @Test
    void aTenantThatIsNotThereIsSaid() throws Exception {
        Ended other = login("--tenant", "fabrikam");
        assertThat(other.code()).isEqualTo(3);
        assertThat(other.out()).contains("No such tenant");
    }
}
