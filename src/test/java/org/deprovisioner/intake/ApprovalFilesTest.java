package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.guard.Guards;
import org.deprovisioner.guard.Limits;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalFilesTest extends LedgerFixture {

    private boolean fourEyes;

    private String restingName(Path file) throws IOException {
        return new ApprovalFiles(data, ledger.approvals(), new FourEyes(fourEyes), Duration.ZERO).take(file.toFile());
    }

    @BeforeEach
    void holdABatch() {
        hold("leavers");
    }

    private void hold(String batch) {
        takeIn(batch, Rows.rows(1 + 10 * batch.length(), 3));
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(data.resolve("approvals")).resolve(name), content);
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** What is said of a file beside the place where it comes to rest. */
    private String take(Path file) throws IOException {
        String resting = restingName(file);
        assertThat(data.resolve("approvals/done").resolve(resting)).doesNotExist();
        return Files.readString(data.resolve("approvals/done/" + resting + ".outcome.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leavers", "leavers.txt", "LEAVERS.TXT"})
    void aFileNamedLikeTheBatchThatHoldsTheNumberReleasesIt(String name) throws Exception {
        assertThat(take(file(name, "3\r\n")))
                .contains(name, Files.getOwner(data).getName(), "Released: 3 devices");
        assertThat(standings("leavers")).containsOnly("ready");
    }

    @Test
    void whatNotepadAndPowerShellWriteIsRead() throws Exception {
        assertThat(take(file("leavers.txt", "\uFEFF3\r\n".getBytes(StandardCharsets.UTF_16LE))))
                .contains("Released");
        hold("movers");
        assertThat(take(file("movers.txt", "\uFEFF3"))).contains("Released");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "three", "3 devices", "-3", "0", "3\n3", "99999999999999999999"})
    void anyOtherContentReleasesNothing(String content) throws Exception {
        assertThat(take(file("leavers.txt", content))).doesNotContain("Released:");
        assertThat(standings("leavers")).containsOnly("held");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaver.txt", "leavers.csv", "leavers.txt.txt", "leavers-2", ".txt"})
    void anyOtherNameReleasesNothing(String name) throws Exception {
        assertThat(take(file(name, "3"))).contains("is held");
        assertThat(standings("leavers")).containsOnly("held");
    }

    @Test
    void aBatchWhoseOwnNameEndsInTxtIsMeantByItsWholeName() throws Exception {
        hold("leavers.txt");
        take(file("leavers.txt", "3"));
        assertThat(standings("leavers.txt")).containsOnly("ready");
        assertThat(standings("leavers")).containsOnly("held");
    }

    @Test
    void aLinkIsNeverFollowed() throws Exception {
        Path number = Files.writeString(data.resolve("number"), "3");
        Path link = Files.createDirectories(data.resolve("approvals")).resolve("leavers.txt");
        Files.createLink(link, number);
        assertThat(take(link)).doesNotContain("Released:");
        Files.delete(link);
        Files.createSymbolicLink(link, number);
        assertThatThrownBy(() -> restingName(link)).isInstanceOf(IOException.class);
        assertThat(standings("leavers")).containsOnly("held");
    }

    @Test
    void underFourEyesTheOwnerOfTheBatchsFileReleasesNothing() throws Exception {
        fourEyes = true;
        String me = Files.getOwner(data).getName();
        var intakes = ledger.intakes();
        var mine = intakes.begin(intakes.openFile("mine.csv", me), "mine", LAYOUT, taken -> false);
        intakes.record(mine, Rows.rows(100, 3));
        intakes.complete(mine);
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.limits(2, 1_000, 50))::judge);

        assertThat(take(file("mine.txt", "3"))).contains("'mine' stays held", me, "may not approve");
        assertThat(standings("mine")).containsOnly("held");
        assertThat(take(file("leavers.txt", "3"))).contains("Released");
    }

    @Test
    void aSecondFileOfTheSameNameDoesNotTakeThePlaceOfTheFirst() throws Exception {
        Files.createDirectories(data.resolve("approvals/done"));
        Files.writeString(data.resolve("approvals/done/leavers.txt"), "2");
        assertThat(restingName(file("leavers.txt", "3"))).isEqualTo("leavers.txt-2");
    }
}
