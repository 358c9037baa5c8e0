package org.deprovisioner.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is halted at its first durable step, at its second, and so on until a run passes untouched; after each, it is
 * started again and all is audited. Among all tests only every 40th step is taken, from a random one on; {@code mvn verify
 * -Pfaults} takes each.
 */
class EveryCrashPointTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void aProcessThatWasHaltedAtAnyStepLosesNothingAndDoesNothingTwice() throws Exception {
        int stride = Integer.getInteger("faults.stride", 40);
        int step = Integer.getInteger("faults.step", 1 + new SplittableRandom().nextInt(stride));
        Map<String, Integer> halts = new TreeMap<>();
        Optional<String> halted = haltedAt(step);
        while (halted.isPresent()) {
            halts.merge(halted.get(), 1, Integer::sum);
            step += stride;
            halted = haltedAt(step);
        }
        System.out.printf("Halted at every %d. of %d durable steps; lost 0, doubled 0: %s%n", stride, step - 1, halts);
        assertThat(halts).isNotEmpty();
    }

    private Optional<String> haltedAt(int step) throws Exception {
        Figures figures = new Figures();
        try (Campaign campaign = new Campaign(folder.resolve("step-" + step), step, false, figures)) {
            Optional<String> halted = campaign.haltAt(step);
            assertThat(campaign.settleAndAudit()).isEmpty();
            return halted;
        } catch (Exception | AssertionError failure) {
            return fail(
                    "Halted at step %d. To run it again: mvn verify -Pfaults -Dtest=EveryCrashPointTest -Dfaults.step=%d"
                            .formatted(step, step),
                    failure);
        }
    }
}
