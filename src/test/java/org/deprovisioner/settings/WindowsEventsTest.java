package org.deprovisioner.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsEventsTest {

    @Test
    void anErrorIsOneArgumentWithoutWhatWindowsWouldReadAsMore() {
        List<String> command = WindowsEvents.command("The ledger \"C:\\data\\ledger.db\" /T SUCCESS & calc \\");
        assertThat(command).startsWith("eventcreate", "/L", "APPLICATION", "/SO", "Deprovisioner", "/T", "ERROR");
        assertThat(command.get(command.size() - 1))
                .startsWith("The ledger 'C:\\data\\ledger.db' /T SUCCESS & calc")
                .doesNotContain("\"")
                .endsWith(")");
        assertThat(WindowsEvents.command("x".repeat(40_000)).get(10)).hasSizeLessThan(2_000);
    }
}
