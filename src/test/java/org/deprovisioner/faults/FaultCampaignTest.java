package org.deprovisioner.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plug is pulled at random instants, again and again. A short campaign of five cycles runs with all tests; {@code mvn
 * verify -Pfaults -Dfaults.cycles=200} runs a long one, and {@code -Dfaults.seed} one of before.
 */
class FaultCampaignTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void everyRowEndsOnceAndNoDeviceIsDeprovisionedTwice() throws Exception {
        int cycles = Integer.getInteger("faults.cycles", 5);
        long seed = Long.getLong("faults.seed", System.nanoTime() & 0xFFFF_FFFFL);
        int outside = cycles * 2 / 5;
        Figures figures = new Figures();
        try {
            assertThat(campaign("embedded", cycles - outside, seed, false, figures))
                    .isEmpty();
            assertThat(campaign("outside", outside, seed, true, figures)).isEmpty();
        } catch (Exception | AssertionError failure) {
            fail("""
                    The campaign with the seed %d failed in cycle %d of %d; its folder is kept: %s
                    To run it again: mvn verify -Pfaults -Dfaults.cycles=%d -Dfaults.seed=%d
                    %s""".formatted(seed, figures.cycles, cycles, folder, cycles, seed, figures), failure);
        }
        System.out.println("Fault campaign, seed " + seed + "\n" + figures);
    }

    private List<String> campaign(String name, int cycles, long seed, boolean outside, Figures figures)
            throws Exception {
        try (Campaign campaign = new Campaign(folder.resolve(name), seed, outside, figures)) {
            return campaign.run(cycles);
        }
    }
}
