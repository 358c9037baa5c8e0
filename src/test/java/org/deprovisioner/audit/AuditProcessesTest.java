package org.deprovisioner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Pause;
import org.junit.jupiter.api.Test;

/** Service and commands write one audit log at once, and one of them is killed while it writes. */
class AuditProcessesTest extends LedgerFixture {

    private static final int KILLS = 3;
    private static final int TOLD_EACH_TIME = 30;

    private Forked writer(int number) throws IOException {
        Path log = data.resolve("writer-" + number + ".log");
        Forked writer = Forked.start(List.of(), AuditWriter.class, List.of(data.toString()), Map.of(), log);
        writer.awaitSaying("Writing.");
        return writer;
    }

    /** Each is two entries. */
    private void tell(int times) {
        for (int i = 0; i < times; i++) {
            ledger.pauses().pause(TENANT, Pause.EndsBy.RESUME, "user", "Paused " + i + ".", "Resume.", "ada");
            ledger.pauses().resume(TENANT, "ada");
        }
    }

    @Test
    void theChainIsWholeAndEachEntryStandsOnceWhateverIsKilled() throws Exception {
        try (Forked steady = writer(0)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                try (Forked killed = writer(kill)) {
                    tell(TOLD_EACH_TIME);
                    assertThat(killed.isAlive() && steady.isAlive()).isTrue();
                }
                tell(TOLD_EACH_TIME / 10);
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ledger.audit().waiting(1).isEmpty());
        }
        AuditTrail.Verdict whole = new AuditTrail(data).verify(Optional.empty());
        assertThat(whole.broken()).isEmpty();
        assertThat(whole.lines()).isEqualTo(2L * KILLS * (TOLD_EACH_TIME + TOLD_EACH_TIME / 10));
        List<JsonNode> told = new ArrayList<>();
        new AuditTrail(data).find(AuditQuery.ALL, line -> told.add(line.told()));
        assertThat(told.stream().map(ChainedLine::key)).doesNotHaveDuplicates();
    }
}
