package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Intakes.HowRead;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Settings;

/**
 * A batch among others: where it stands, and how its file was read.
 *
 * @param secondsLeft at least so long until all is sent; empty while something stands still
 * @param columns what the columns of its file were understood as, in sentences; empty without a file
 * @param skippedLines lines of its file that are no rows
 */
public record BatchReport(
        @JsonUnwrapped BatchStatus status,
        @JsonInclude(Include.NON_EMPTY) Optional<Long> secondsLeft,
        @JsonInclude(Include.NON_EMPTY) Optional<List<String>> columns,
        @JsonInclude(Include.NON_EMPTY) Optional<SkippedLines> skippedLines) {

    /** How many lines of a file are no rows; and in words, which are empty where there are none. */
    public record SkippedLines(
            long empty, long comments, @JsonIgnore Optional<String> words) {}

    /** Where a batch stands, and how its file was read. */
    public static BatchReport of(BatchStatus status, Settings settings, Ledger ledger) {
        Optional<HowRead> read = ledger.intakes().howRead(status.batch());
        return new BatchReport(
                status,
                BatchStatus.timeLeft(status.ready(), settings, ledger).map(Duration::toSeconds),
                read.map(HowRead::columns),
                read.map(how -> new SkippedLines(
                        how.skipped().empty(),
                        how.skipped().comments(),
                        how.skipped().words())));
    }
}
