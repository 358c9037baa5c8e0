package org.deprovisioner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants in one service: each has its own sign-in, quota and pause, and the trouble of one is not the other's. */
class EndToEndTenantsTest {

    @TempDir
    private Path folder;

    private Stage stage;
    private EntraStandIn entraOfFabrikam;
    private Path secret;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder);
        secret = Files.writeString(folder.resolve("secret"), stage.simulator.clientSecret());
        entraOfFabrikam = new EntraStandIn(stage);
        stage.set("deprovision.tenants.contoso.tenant-id", stage.simulator.tenantId())
                .set("deprovision.tenants.fabrikam.tenant-id", "fabrikam.example.com")
                .set("deprovision.tenants.fabrikam.authority", entraOfFabrikam.authority())
                .set("deprovision.tenants.fabrikam.client-secret-file", secret.toString());
    }

    @AfterEach
    void end() throws Exception {
        entraOfFabrikam.close();
        stage.simulator.close(); // what hangs ends
        stage.close();
    }

    @Test
    void aRevokedSecretPausesItsOwnTenantAloneAndNothingOfItIsADeadLetter() throws Exception {
        Files.writeString(secret, "revoked");
        List<ManagedDevice> ours = stage.next(60);
        List<ManagedDevice> theirs = stage.next(60);
        stage.start();
        stage.submit("both", Stage.TENANTS_HEADER + Stage.rows("fabrikam", theirs) + Stage.rows("contoso", ours));

        Pause pause = stage.paused("token-refused");
        assertThat(pause.scope()).isEqualTo("fabrikam");
        assertThat(pause.message()).contains("AADSTS7000215");
        assertThat(pause.remedy()).contains("deprovision.tenants.fabrikam");
        stage.until("both", now -> now.in(OutcomeClass.DONE) == ours.size());
        assertThat(stage.executed(ours)).isEqualTo(ours.size());
        assertThat(stage.executed(theirs)).isZero();
        assertThat(entraOfFabrikam.requests()).hasSizeLessThan(10);

        Files.writeString(secret, stage.simulator.clientSecret());
        assertThat(stage.settled("both", 120)).isEqualTo(Map.of("deprovisioned", 120L));
        assertThat(stage.executed(theirs)).isEqualTo(theirs.size());
        assertThat(stage.ledger().pauses().all()).isEmpty();
    }

    @Test
    void aTenantWhoseCallsHangHoldsNoOtherUp() throws Exception {
        stage.set("deprovision.timeout", "5m").set("deprovision.concurrency", "4");
        List<ManagedDevice> ours = stage.next(40);
        List<ManagedDevice> theirs = stage.next(40);
        theirs.forEach(device -> stage.simulator.fault(Fault.Match.ALL.device(device.id()), Effect.HANG));
        stage.start();
        stage.submit("hanging", Stage.TENANTS_HEADER + Stage.rows("fabrikam", theirs));
        await().until(() -> stage.simulator.calls().stream()
                        .filter(call ->
                                theirs.stream().anyMatch(device -> call.path().contains(device.id())))
                        .count()
                >= 4);
        stage.submit("flowing", Stage.TENANTS_HEADER + Stage.rows("contoso", ours));
        assertThat(stage.settled("flowing", 40)).isEqualTo(Map.of("deprovisioned", 40L));
        assertThat(stage.until("hanging", now -> now.rows() == 40).in(State.RECEIVED))
                .isEqualTo(40);
    }

    @Test
    void oneWhoseTokenEndpointHangsDelaysNoProbeOfTheOther() throws Exception {
        entraOfFabrikam.falls((request, connection) -> {});
        stage.simulator.fault(Fault.Match.TOKEN.times(2), Effect.page(200, "<html>Accept our terms</html>"));
        List<ManagedDevice> ours = stage.next(5);
        List<ManagedDevice> theirs = stage.next(5);
        stage.start();
        stage.submit("theirs", Stage.TENANTS_HEADER + Stage.rows("fabrikam", theirs));
        stage.submit("ours", Stage.TENANTS_HEADER + Stage.rows("contoso", ours));
        assertThat(stage.paused("token").message()).contains("is not Entra");
        assertThat(stage.settled("ours", 5)).isEqualTo(Map.of("deprovisioned", 5L));

        assertThat(stage.until("theirs", now -> true).in(OutcomeClass.FAILED)).isZero();
        entraOfFabrikam.recovers();
        assertThat(stage.settled("theirs", 5)).isEqualTo(Map.of("deprovisioned", 5L));
    }

    @Test
    void aClaimsChallengeIsAnsweredByATokenWithTheseClaims() throws Exception {
        ManagedDevice device = stage.next();
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}";
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1),
                Effect.error(401, "InvalidAuthenticationToken")
                        .headers(Map.of(
                                "WWW-Authenticate",
                                "Bearer error=\"insufficient_claims\", claims=\""
                                        + Base64.getEncoder().encodeToString(claims.getBytes(UTF_8)) + "\"")));
        stage.start();
        stage.submit("challenged", Stage.TENANTS_HEADER + Stage.rows("fabrikam", List.of(device)));
        assertThat(stage.settled("challenged", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(entraOfFabrikam.requests()).hasSize(2);
        assertThat(entraOfFabrikam.requests().get(0)).contains("xms_cc", "cp1").doesNotContain("1604106651");
        assertThat(entraOfFabrikam.requests().get(1)).contains("cp1", "nbf", "1604106651");
    }

    @Test
    void anUnknownTenantIsADeadLetterThatListsTheKnownOnes() throws Exception {
        ManagedDevice device = stage.next();
        stage.start();
        stage.submit(
                "unknown",
                Stage.TENANTS_HEADER
                        + Stage.rows("northwind", List.of(device))
                        + Stage.rows("", List.of(stage.next())));
        assertThat(stage.settled("unknown", 2)).isEqualTo(Map.of("invalid", 2L));
        assertThat(stage.results("unknown"))
                .extracting(Result::remedy)
                .allSatisfy(remedy -> assertThat(remedy).contains("contoso", "fabrikam"));
        assertThat(stage.results("unknown").get(0).error()).contains("northwind");
    }

    @Test
    void eachTenantKeepsToItsOwnQuota() throws Exception {
        stage.set("deprovision.tenants.fabrikam.quota.requests", "3")
                .set("deprovision.tenants.fabrikam.quota.window", "2s");
        assertThat(stage.configuration().settings().tenants().get("fabrikam").quota())
                .isEqualTo(new Settings.Quota(3, Duration.ofSeconds(2), 20_000));
        List<ManagedDevice> theirs = stage.next(9);
        stage.start();
        stage.submit("slow", Stage.TENANTS_HEADER + Stage.rows("fabrikam", theirs));
        assertThat(stage.settled("slow", 9)).isEqualTo(Map.of("deprovisioned", 9L));
        List<java.time.Instant> sent =
                stage.actions().map(call -> call.at()).sorted().toList();
        for (int fourth = 3; fourth < sent.size(); fourth++) {
            assertThat(Duration.between(sent.get(fourth - 3), sent.get(fourth)))
                    .as("no window of two seconds holds more than three calls")
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        }
    }
}
