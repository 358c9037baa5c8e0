package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final List<BatchStatus> HALF_WAY = List.of(new BatchStatus(
            new Progress(
                    "leavers",
                    Instant.EPOCH,
                    Map.of(State.DONE, 4_997L, State.DEAD, 3L, State.READY, 5_000L),
                    Map.of("deprovisioned", 4_997L, "rejected-by-graph", 2L, "unknown", 1L)),
            false,
            false));

    private static final ProgressLine LINE =
            new ProgressLine(HALF_WAY, Optional.empty(), Optional.of(9.96), Optional.of(Duration.ofSeconds(500)));

    @Test
    void whatWentWrongComesFirstAndNothingIsWiderThanTheTerminal() {
        assertThat(LINE.within(79))
                .isEqualTo("2 failed, 1 unknown, 5,000 of 10,000 settled, at least 8m20s left [=====      ]")
                .hasSizeLessThanOrEqualTo(79);
        for (int width = 1; width < 200; width++) {
            assertThat(LINE.within(width)).hasSizeLessThanOrEqualTo(width);
        }
    }

    @Test
    void aWiderTerminalShowsMore() {
        assertThat(LINE.within(160))
                .startsWith(
                        "2 failed, 1 unknown, 5,000 of 10,000 settled, at least 8m20s left, 10.0 a second, 4,997 done")
                .endsWith("]");
    }

    @Test
    void aPauseIsSaidInPlaceOfABar() {
        Pause pause = new Pause(
                "*",
                Pause.EndsBy.RESUME,
                "user",
                "Paused by ada, for the lists are wrong",
                "",
                Instant.EPOCH,
                "ada",
                0,
                false);
        ProgressLine paused = new ProgressLine(HALF_WAY, Optional.of(pause), Optional.empty(), Optional.empty());
        assertThat(paused.within(79)).startsWith("2 failed, 1 unknown, 5,000 of 10,000 settled, paused: Paused by ada");
        assertThat(paused.whole())
                .isEqualTo("2 failed, 1 unknown, 5,000 of 10,000 settled, 4,997 done, 0 skipped,"
                        + " paused: Paused by ada, for the lists are wrong.");
    }
}
