package org.deprovisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Attention;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.service.RunningService;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.token.CertificateEnds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where things stand. */
@Command(
        name = "status",
        footer = "  deprovision status leavers",
        description = "Show where things stand: the service, what is paused or held, and the batches. With BATCH, that"
                + " one alone, and its exit code.")
final class Status extends LedgerCommand {

    /** Older batches are shown only while something of them is open. */
    private static final int NEWEST = 20;

    /** A vault that hangs holds nobody up who only asks where things stand. */
    private static final Duration FOR_THE_VAULT = Duration.ofSeconds(3);

    @Parameters(arity = "0..1", paramLabel = "BATCH", description = "One batch; all of them unless given.")
    private Optional<String> batch = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--check",
            description =
                    "For monitoring: print one line, and exit with 0 when all is well, 1 when somebody should look at"
                            + " it, 5 when no service is running.")
    private boolean check;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        if (check) {
            return check(settings, ledger);
        }
        List<BatchStatus> all = batch.isPresent()
                ? List.of(BatchStatus.of(batch.get(), settings, ledger).orElseThrow(() -> noSuch(batch.get())))
                : ledger.batches().all().stream()
                        .map(progress -> BatchStatus.of(progress, settings, ledger))
                        .toList();
        List<BatchStatus> shown = json
                ? all
                : IntStream.range(0, all.size())
                        .filter(index -> index < NEWEST
                                || all.get(index).settled() < all.get(index).rows())
                        .mapToObj(all::get)
                        .toList();
        SystemStatus status =
                SystemStatus.of(RunningService.look(settings.data()), endingSoon(settings), shown, settings, ledger);
        if (json) {
            out().printWhole(ReportJson.write(status));
        } else {
            new StatusText(status, settings, out(), width()).print(all.size() - shown.size());
            if (batch.isPresent()) {
                status.batches()
                        .forEach(report ->
                                report.columns().stream().flatMap(List::stream).forEach(out()::println));
            }
        }
        return batch.isPresent() ? all.get(0).exit() : Exit.DONE;
    }

    private Exit check(Settings settings, Ledger ledger) throws IOException {
        SystemStatus status = SystemStatus.of(
                RunningService.look(settings.data()), endingSoon(settings), List.of(), settings, ledger);
        List<String> attention = Attention.of(status);
        String looked = attention.isEmpty() ? "nothing waits for a person." : String.join("; ", attention);
        if (!status.service().running()) {
            out().println("NOT RUNNING: start it with 'deprovision run'; " + looked);
            return Exit.UNREACHABLE;
        }
        out().println((attention.isEmpty() ? "OK: running; " : "ATTENTION: ") + looked);
        return attention.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    static CommandException noSuch(String batch) {
        return new CommandException(
                Exit.USAGE, "There is no batch '" + batch + "'. 'deprovision status' names those there are.");
    }

    /** Certificates that end within 30 days; none where this shell knows no credentials. */
    private List<String> endingSoon(Settings withoutCredentials) {
        if (withoutCredentials.tenants().values().stream()
                .noneMatch(tenant -> tenant.credential() instanceof Credential.ClientCertificate)) {
            return List.of();
        }
        try {
            Collection<Settings.Tenant> tenants =
                    settings().readWithVaultsShut().settings().tenants().values();
            Optional<List<String>> known = CompletableFuture.supplyAsync(() -> Optional.of(warnings(tenants)))
                    .completeOnTimeout(Optional.empty(), FOR_THE_VAULT.toSeconds(), TimeUnit.SECONDS)
                    .join();
            if (known.isEmpty()) {
                err().println("Whether a certificate ends soon is not known: its password lies in a vault that does not"
                        + " answer. 'deprovision doctor' says more.");
            }
            return known.orElse(List.of());
        } catch (SettingsException unusable) {
            return List.of();
        }
    }

    private static List<String> warnings(Collection<Settings.Tenant> tenants) {
        return tenants.stream()
                .flatMap(tenant -> CertificateEnds.warning(tenant, Instant.now()).stream())
                .toList();
    }
}
