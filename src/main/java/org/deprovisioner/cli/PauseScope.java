package org.deprovisioner.cli;

import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a user pauses or resumes: one batch, one tenant, or everything. */
final class PauseScope {

    @Parameters(
            arity = "0..1",
            paramLabel = "BATCH",
            description = "Only this batch, as 'deprovision status' names it.")
    private Optional<String> batch = Optional.empty();

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant.")
    private Optional<String> tenant = Optional.empty();

    /** The scope that the user named, empty when none. */
    Optional<String> named(Settings settings, Ledger ledger) {
        tenant.filter(name -> !settings.tenants().containsKey(name)).ifPresent(name -> {
            throw new CommandException(
                    Exit.USAGE,
                    "'%s' is not a configured tenant. There is: %s."
                            .formatted(
                                    name, String.join(", ", settings.tenants().keySet())));
        });
        return tenant.or(() -> batch.map(name -> ledger.batches()
                .progress(name)
                .map(found -> Pause.ofBatch(found.name()))
                .orElseThrow(() -> Status.noSuch(name))));
    }
}
