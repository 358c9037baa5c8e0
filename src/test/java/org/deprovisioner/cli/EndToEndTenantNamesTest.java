package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tenant under several names, at once or one after the other: it stays one tenant. */
class EndToEndTenantNamesTest {

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = Stage.in(folder);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void named(String name, String id) {
        stage.set("deprovision.tenants." + name + ".tenant-id", id);
    }

    @Test
    void aTenantUnderTwoNamesAtOnceIsRefusedAtTheStartNamingBoth() {
        named("contoso", stage.simulator.tenantId());
        named("school", stage.simulator.tenantId().toUpperCase(Locale.ROOT) + " ");
        assertThatThrownBy(stage::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("deprovision.tenants.contoso.tenant-id")
                .hasMessageContaining("deprovision.tenants.school.tenant-id")
                .hasMessageContaining("both name one tenant");
    }

    @Test
    void fourDevicesAreDoneOnceEachWhateverTheirTenantIsCalledMeanwhile() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        stage.start();
        stage.submit("first", devices);
        assertThat(stage.settled("first", 4)).isEqualTo(Map.of("deprovisioned", 4L));
        stage.stop();

        named("contoso", stage.simulator.tenantId());
        stage.start();
        stage.submit("second", Stage.TENANTS_HEADER + Stage.rows("contoso", devices));
        assertThat(stage.settled("second", 4)).isEqualTo(Map.of("duplicate", 4L));
        stage.stop();

        stage.settings().remove("deprovision.tenants.contoso.tenant-id");
        named("school", stage.simulator.tenantId().toUpperCase(Locale.ROOT));
        stage.start();
        stage.submit("third", Stage.TENANTS_HEADER + Stage.rows("school", devices));
        assertThat(stage.settled("third", 4)).isEqualTo(Map.of("duplicate", 4L));
        assertThat(stage.executed(devices)).isEqualTo(4);
        assertThat(stage.actions()).hasSize(4);
    }

    @Test
    void whatIsOpenWaitsForItsOwnTenantAndIsNeverSentForAnotherOfThatName() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        named("contoso", stage.simulator.tenantId());
        stage.set("deprovision.guard.max-per-batch", "2").start();
        stage.submit("open", Stage.TENANTS_HEADER + Stage.rows("contoso", devices));
        stage.until("open", now -> now.in(State.HELD) == 3);
        stage.stop();

        named("contoso", "99999999-0000-4000-8000-000000000009");
        stage.start();
        assertThat(stage.approve("open", 3)).isTrue();
        assertThat(stage.paused(Pause.NOT_CONFIGURED).remedy()).contains(stage.simulator.tenantId());
        ManagedDevice other = stage.next();
        stage.submit("other", Stage.TENANTS_HEADER + Stage.rows("contoso", List.of(other)));
        assertThat(stage.settled("other", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executed(devices)).isZero();
        stage.stop();

        named("school", stage.simulator.tenantId());
        stage.start();
        assertThat(stage.settled("open", 3)).isEqualTo(Map.of("deprovisioned", 3L));
        assertThat(stage.ledger().pauses().all()).isEmpty();
    }

    @Test
    void aTenantThatIsNamedByItsDomainTooIsPausedOnceItsTokenTellsAndNoDeviceIsDoneTwice() throws Exception {
        try (EntraStandIn entra = new EntraStandIn(stage)) {
            named("contoso", stage.simulator.tenantId());
            named("school", "contoso.onmicrosoft.com");
            stage.set("deprovision.tenants.school.authority", entra.authorityOf("contoso.onmicrosoft.com"));
            ManagedDevice device = stage.next();
            stage.start();
            stage.submit(
                    "both",
                    Stage.TENANTS_HEADER
                            + Stage.rows("school", List.of(device))
                            + Stage.rows("contoso", List.of(device)));
            stage.until("both", now -> now.in(State.DONE) == 1);
            Pause pause = stage.paused(Pause.TOKEN_REFUSED);
            assertThat(pause.scope()).isEqualTo("school");
            assertThat(pause.message()).contains("'contoso' and 'school' are one tenant", stage.simulator.tenantId());
            assertThat(stage.actions(device)).hasSize(1);
        }
    }
}
