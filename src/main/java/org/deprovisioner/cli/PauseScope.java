package org.deprovisioner.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;

/** What a user pauses or resumes - one batch, one tenant, or everything - and pauses in words. */
final class PauseScope {

    private final Argument<Optional<String>> batch =
            Argument.parameter(String.class, "BATCH", "Only this batch, as 'deprovision status' names it.");
    private final Argument<Optional<String>> tenant =
            Argument.option(String.class, "--tenant", "TENANT", "Only this tenant.");

    PauseScope(Subcommand command) {
        command.takesOneAtMost(batch, tenant);
    }

    /** The scope that the user named, empty when none. */
    Optional<String> named(Settings settings, Ledger ledger) {
        tenant.get().filter(name -> !settings.tenants().containsKey(name)).ifPresent(name -> {
            throw new CommandException(
                    Exit.USAGE,
                    "'%s' is not a configured tenant. There is: %s."
                            .formatted(
                                    name, String.join(", ", settings.tenants().keySet())));
        });
        return tenant.get()
                .or(() -> batch.get()
                        .map(name -> ledger.batches()
                                .progress(name)
                                .map(found -> Pause.ofBatch(found.name()))
                                .orElseThrow(() -> Status.noSuch(name))));
    }

    static String name(String scope) {
        if (scope.equals(Pause.ALL)) {
            return "every tenant";
        }
        return Pause.batch(scope).map(batch -> "the batch '" + batch + "'").orElse("the tenant '" + scope + "'");
    }

    static String resume(String scope) {
        if (scope.equals(Pause.ALL)) {
            return "deprovision resume";
        }
        return "deprovision resume " + Pause.batch(scope).orElse("--tenant " + scope);
    }

    static String describe(Pause pause) {
        String ending = pause.cause().equals(Pause.NOT_CONFIGURED)
                ? "until it is configured again"
                : pause.kind() == Pause.EndsBy.RESUME
                        ? "until '" + resume(pause.scope()) + "'"
                        : "until a probe finds the cause gone (" + pause.probes() + " so far)";
        return "Paused: %s since %s, %s. %s %s"
                .formatted(name(pause.scope()), utc(pause.since()), ending, pause.message(), pause.remedy());
    }

    static String utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ')
                .replace("Z", " UTC");
    }
}
