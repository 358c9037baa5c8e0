package org.deprovisioner.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deprovisioner.console.Console;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.rights.WorldWritable;
import org.deprovisioner.service.PlanFolder;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.CertificateEnds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The service in the foreground. */
@Command(
        name = "run",
        footer = "  deprovision run",
        description = "Take in files and messages and send them to Graph, until Ctrl-C or SIGTERM; then drain and end.")
final class Run extends Subcommand {

    @Mixin
    private final NewLedger newLedger = new NewLedger();

    @Option(
            names = "--migrate",
            description =
                    "Bring a PostgreSQL ledger of an older version up to date, once: a backup of it was made, and the"
                            + " services of that version are stopped. A SQLite ledger needs no such word; it is copied first.")
    private boolean migrate;

    @Override
    @SuppressWarnings("try")
    Exit run() throws Exception {
        Configuration configuration = settings().readWithCredentials();
        configuration.warnings().forEach(err()::println);
        Settings settings = configuration.settings();
        refuseOpenFolders(configuration); // before anything is made there
        startLogging(configuration, Logging.To.CONSOLE_AND_FILE);
        settings.tenants().values().stream()
                .flatMap(tenant -> CertificateEnds.warning(tenant, Instant.now()).stream())
                .forEach(err()::println);
        try (ServiceLock lock = ServiceLock.acquireOrRefuse(settings.data())) {
            PlanFolder.clear(settings.data());
            if (migrate) {
                Ledger.migrate(settings.ledgerDatabase());
            }
            share(settings);
            return serve(settings, configuration);
        }
    }

    private Exit serve(Settings settings, Configuration configuration) throws Exception {
        try (Service service = Service.start(configuration, newLedger.isMeant())) {
            Console.start(configuration, this::settings, service::figures).ifPresent(service::closeFirst);
            err().println("Running. Put files into " + settings.data().resolve("inbox") + ". Ctrl-C ends it.");
            err().flush();
            return service.awaitStop();
        }
    }

    /** Gives the folders of results and the like to the group that may read them. */
    private static void share(Settings settings) {
        if (settings.readers().group().isEmpty()) {
            return;
        }
        try {
            for (String name : List.of("results", "dead-letter", "held", "rejected")) {
                settings.readers().folder(settings.data().resolve(name));
            }
        } catch (IOException refused) {
            throw new CommandException(
                    Exit.SETTINGS,
                    "deprovision.data.group=%s: %s cannot give the folders below %s to that group (%s). Make that user a member of it, and start again."
                            .formatted(
                                    settings.readers().group().orElse(""),
                                    user(),
                                    settings.data(),
                                    String.valueOf(refused.getMessage())));
        }
    }

    /** Sends nothing where anybody could have changed what is sent; only what is handed over may come from others. */
    static void refuseOpenFolders(Configuration configuration) throws IOException {
        Settings settings = configuration.settings();
        List<String> problems = new ArrayList<>();
        problems.addAll(WorldWritable.in(settings.home().resolve("routes"), Set.of()));
        problems.addAll(WorldWritable.in(configuration.folder(), Set.of()));
        problems.addAll(WorldWritable.in(configuration.folder().resolve("routes"), Set.of()));
        problems.addAll(WorldWritable.in(settings.data(), Set.of("inbox", "approvals")));
        if (!problems.isEmpty()) {
            throw new CommandException(Exit.SETTINGS, String.join("\n", problems));
        }
    }
}
