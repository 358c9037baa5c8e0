package org.deprovisioner.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Sha256;

/**
 * What a file would do, as it is shown and as {@code submit --plan} applies it.
 *
 * @param file the file that was planned, with its whole path
 * @param fileSha256 the digest of its content: a plan is applied to that content alone
 * @param read how the file was read: what its columns were understood as, and which lines were skipped
 * @param notes what concerns the file as a whole and is worth a stop
 * @param planSha256 the digest of all else, so that a plan is applied as it was shown
 */
public record Plan(
        String file,
        String fileSha256,
        String createdUtc,
        Summary summary,
        Read read,
        List<String> notes,
        List<PlannedRow> rows,
        String planSha256) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** How a file was read: its columns in sentences, and the lines that are no rows. */
    public record Read(List<String> columns, long skippedEmpty, long skippedComments, String skipped) {

        public static Read of(Intakes.HowRead how) {
            return new Read(
                    how.columns(),
                    how.skipped().empty(),
                    how.skipped().comments(),
                    how.skipped().words().orElse(""));
        }
    }

    /** The numbers of a plan: its rows by what would become of them, by how they would end, by reason and by warning. */
    public record Summary(
            long rows,
            Map<String, Long> would,
            Map<String, Long> outcomes,
            Map<String, Long> reasons,
            Map<String, Long> warnings,
            long secondsAtTheQuota) {

        public static Summary of(List<PlannedRow> rows, Settings.Pace pace) {
            List<PlannedRow> sent = rows.stream()
                    .filter(row -> row.would() == Would.DEPROVISION || row.would() == Would.HOLD)
                    .toList();
            return new Summary(
                    rows.size(),
                    count(rows.stream().map(row -> row.would().word())),
                    count(rows.stream().map(PlannedRow::outcome).filter(outcome -> !outcome.isEmpty())),
                    count(sent.stream().map(PlannedRow::deprovisionReason)),
                    count(sent.stream().flatMap(row -> row.warnings().stream())),
                    BatchStatus.timeLeft(sent.size(), pace).plusMillis(999).toSeconds());
        }

        public long would(Would would) {
            return this.would.getOrDefault(would.word(), 0L);
        }

        private static Map<String, Long> count(Stream<String> words) {
            return words.collect(groupingBy(Function.identity(), TreeMap::new, counting()));
        }
    }

    /** A plan that was made now. */
    public static Plan of(
            String file,
            String fileSha256,
            String now,
            Summary summary,
            Read read,
            List<String> notes,
            List<PlannedRow> rows) {
        Plan unsigned = new Plan(file, fileSha256, now, summary, read, notes, rows, "");
        return unsigned.with(unsigned.digest());
    }

    /**
     * Reads a plan.
     *
     * @throws NotDoneException when it is none, or was changed since it was made
     */
    public static Plan read(Path path) throws IOException {
        Plan plan;
        try {
            plan = JSON.readValue(path.toFile(), Plan.class);
        } catch (JsonProcessingException notOurs) {
            throw new NotDoneException(
                    Exit.USAGE,
                    path + " is not a plan. Make one with 'deprovision plan FILE --out " + path.getFileName() + "'.");
        }
        if (!plan.with("").digest().equals(plan.planSha256)) {
            throw new NotDoneException(
                    Exit.USAGE,
                    path
                            + " was changed since it was made, so nothing is handed over. Make a new plan and look at it.");
        }
        return plan;
    }

    /** The planned device of each line that has one. */
    public Map<Long, org.deprovisioner.request.Device> devices() {
        return rows.stream()
                .filter(row -> row.device().isPresent())
                .collect(Collectors.toMap(PlannedRow::line, row -> row.device().orElseThrow()));
    }

    /** The name of a file together with this plan of it. */
    public String named(String name) {
        return name + " (plan " + planSha256.substring(0, 8) + ")";
    }

    /** As it stands in its file. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Plan with(String digest) {
        return new Plan(file, fileSha256, createdUtc, summary, read, notes, rows, digest);
    }

    private String digest() {
        return Sha256.of(json());
    }
}
