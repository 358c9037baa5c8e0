package org.deprovisioner.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deprovisioner.faults.Campaign.Mode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process is halted at its first durable step, at its second, and so on until a run passes untouched; after each, it is
 * started again and all is audited. Among all tests only every 40th step is taken, from a random one on, in a random mode;
 * {@code mvn verify -Pfaults} takes each in every mode.
 */
class EveryCrashPointTest {

    private static final int STRIDE = Integer.getInteger("faults.stride", 40);
    private static final SplittableRandom DICE = new SplittableRandom();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    static Stream<Mode> modes() {
        List<Mode> all = List.of(Mode.values());
        Mode any = all.get(DICE.nextInt(all.size()));
        String asked = System.getProperty("faults.mode", STRIDE == 1 ? "" : any.word());
        return all.stream().filter(mode -> asked.isEmpty() || asked.equals(mode.word()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aProcessThatWasHaltedAtAnyStepLosesNothingAndDoesNothingTwice(Mode mode) throws Exception {
        int step = Integer.getInteger("faults.step", 1 + DICE.nextInt(STRIDE));
        Map<String, Integer> halts = new TreeMap<>();
        Optional<String> halted = haltedAt(step, mode);
        while (halted.isPresent()) {
            halts.merge(halted.get(), 1, Integer::sum);
            step += STRIDE;
            halted = haltedAt(step, mode);
        }
        System.out.printf(
                "Mode %s: halted at every %d. of %d durable steps; lost 0, doubled 0: %s%n",
                mode.word(), STRIDE, step - 1, halts);
        assertThat(halts).isNotEmpty();
    }

    private Optional<String> haltedAt(int step, Mode mode) throws Exception {
        Figures figures = new Figures();
        Path own = folder.resolve(mode.word() + "-" + step);
        try (Campaign campaign = new Campaign(own, step, false, figures).in(mode)) {
            Optional<String> halted = campaign.haltAt(step);
            assertThat(campaign.settleAndAudit()).isEmpty();
            return halted;
        } catch (Exception | AssertionError failure) {
            return fail(
                    ("Halted at step %d. To run it again:"
                                    + " mvn verify -Pfaults -Dtest=EveryCrashPointTest -Dfaults.mode=%s -Dfaults.step=%d")
                            .formatted(step, mode.word(), step),
                    failure);
        }
    }
}
