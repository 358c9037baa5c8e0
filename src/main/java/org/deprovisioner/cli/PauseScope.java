package org.deprovisioner.cli;

import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;

/** What a user pauses or resumes: one batch, one tenant, or everything. */
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
}
