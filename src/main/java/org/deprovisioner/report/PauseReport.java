package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.text.Counted;

/**
 * A pause: what stands still, why, and how it ends.
 *
 * @param until {@code resume} or {@code probe}
 * @param ending how it ends, in words
 */
public record PauseReport(
        String scope,
        String until,
        String message,
        String remedy,
        @JsonProperty("sinceUtc") Instant since,
        String setBy,
        @JsonIgnore String ending) {

    /** A pause of the ledger. */
    public static PauseReport of(Pause pause) {
        return new PauseReport(
                pause.scope(),
                pause.kind().name().toLowerCase(Locale.ROOT),
                pause.message(),
                pause.remedy(),
                pause.since(),
                pause.setBy(),
                ending(pause));
    }

    /** All that are in force. */
    public static List<PauseReport> all(Ledger ledger) {
        return ledger.pauses().all().stream().map(PauseReport::of).toList();
    }

    /** All of it in a line. */
    public String sentence() {
        return "Paused: %s since %s, %s. %s %s"
                .formatted(scopeName(scope), PlainTime.utc(since), ending, message, remedy);
    }

    /** What a scope is, as it stands in a sentence. */
    public static String scopeName(String scope) {
        if (scope.equals(Pause.ALL)) {
            return "every tenant";
        }
        return Pause.batch(scope).map(batch -> "the batch '" + batch + "'").orElse("the tenant '" + scope + "'");
    }

    /** The command that ends a pause of this scope. */
    public static String resumeCommand(String scope) {
        if (scope.equals(Pause.ALL)) {
            return "deprovision resume";
        }
        return "deprovision resume " + Pause.batch(scope).orElse("--tenant " + scope);
    }

    private static String ending(Pause pause) {
        if (pause.cause().equals(Pause.NOT_CONFIGURED)) {
            return "until it is configured again";
        }
        if (pause.kind() == Pause.EndsBy.RESUME) {
            String command = resumeCommand(pause.scope());
            return pause.remedy().contains(command) ? "until it is resumed" : "until '" + command + "'";
        }
        return "until a probe finds the cause gone (" + Counted.of(pause.probes(), "probe") + " so far)";
    }
}
