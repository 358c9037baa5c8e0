package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fifty tenants that a service provider looks after, in one service. */
class EndToEndFiftyTenantsTest {

    private static final int TENANTS = 50;
    private static final int DEVICES = 10;
    private static final String REVOKED = "t07";

    @Test
    void oneWithARevokedSecretHoldsNoneOfThemUpAndTheirWorkersEndWithTheWork(@TempDir Path folder) throws Exception {
        try (Stage stage = Stage.in(folder)) {
            List<ManagedDevice> all = new ArrayList<>();
            StringBuilder rows = new StringBuilder(Stage.TENANTS_HEADER);
            for (int number = 0; number < TENANTS; number++) {
                String name = "t%02d".formatted(number);
                Path secret = Files.writeString(
                        folder.resolve(name), name.equals(REVOKED) ? "revoked" : stage.simulator.clientSecret());
                String own = "deprovision.tenants." + name + ".";
                stage.set(own + "tenant-id", name + ".example.com")
                        .set(own + "client-secret-file", secret.toString())
                        .set(own + "quota.requests", String.valueOf(100 + number));
                List<ManagedDevice> devices = stage.next(DEVICES);
                all.addAll(devices);
                rows.append(Stage.rows(name, devices));
            }
            stage.start();
            stage.submit("fleets", rows.toString());
            stage.until("fleets", now -> now.in(OutcomeClass.DONE) == (TENANTS - 1) * DEVICES);
            assertThat(stage.ledger().pauses().all())
                    .singleElement()
                    .extracting(Pause::scope)
                    .isEqualTo(REVOKED);
            await("workers that end").until(() -> workers("ready-requests") + workers("unresolved-groups") == 0);

            Files.writeString(folder.resolve(REVOKED), stage.simulator.clientSecret());
            assertThat(stage.settled("fleets", all.size()))
                    .isEqualTo(Map.of("deprovisioned", (long) TENANTS * DEVICES));
            assertThat(all)
                    .allSatisfy(device -> assertThat(stage.actions(device)).hasSize(1));
        }
    }

    private static long workers(String source) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(source))
                .count();
    }
}
