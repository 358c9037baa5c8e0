package org.deprovisioner.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.listing.DeviceCsv;
import org.deprovisioner.listing.DeviceFilter;
import org.deprovisioner.listing.DeviceListing;
import org.deprovisioner.listing.Tally;
import org.deprovisioner.listing.Wildcard;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.report.Exit;
import org.deprovisioner.rights.FreePlace;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.TokenException;
import org.deprovisioner.token.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The tenants' devices as a file that becomes one of requests. */
@Command(
        name = "devices",
        description = {
            "List the tenant's devices as CSV that 'plan' and 'submit' take, once the column deprovisionReason is filled in"
                    + " the rows that are meant. Nothing is sent but reads.",
        },
        footer = "  deprovision devices --not-synced-for 180d --output old.csv")
final class Devices extends Subcommand {

    /** What the service leaves free of the tenant's quota of reads. */
    private static final int SHARE_BESIDE_THE_SERVICE = 9;

    @Option(
            names = "--os",
            split = ",",
            paramLabel = "SYSTEM",
            description = "Only devices of this operating system, or any; those that the guard lets pass unless given.")
    private Set<String> operatingSystems = new LinkedHashSet<>();

    @Option(
            names = "--not-synced-for",
            paramLabel = "SPAN",
            converter = SpanOfTime.class,
            description = "Only devices that were last heard of so long ago, such as 180d.")
    private Optional<Duration> notSyncedFor = Optional.empty();

    @Option(
            names = "--enrolled-before",
            paramLabel = "DAY",
            converter = PointInTime.class,
            description = "Only devices that were enrolled before this day, such as 2024-08-01.")
    private Optional<Instant> enrolledBefore = Optional.empty();

    @Option(names = "--user", paramLabel = "UPN", description = "Only those of this user; * stands for anything.")
    private Optional<String> user = Optional.empty();

    @Option(names = "--model", paramLabel = "MODEL", description = "Only those of this model; * stands for anything.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "Only those of this name; * stands for anything.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's; all of them unless given.")
    private Optional<String> tenant = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "Write a file that is not there yet, once all is read; else the list is printed while it is read.")
    private Optional<Path> output = Optional.empty();

    @Override
    Exit run() throws Exception {
        Configuration configuration = settings().readWithCredentials();
        startLogging(configuration, Logging.To.CONSOLE);
        Settings settings = configuration.settings();
        List<String> tenants = tenants(settings);
        DeviceFilter filter = filter(settings);
        ListingReport report = new ListingReport(err());
        if (output.isEmpty()) {
            list(settings, tenants, filter, out().asItIs(), report);
            out().flush();
            return report.exit();
        }
        Path file = output.get().toAbsolutePath().normalize();
        refuseTaken(file);
        return writeWhole(file, report, writer -> list(settings, tenants, filter, writer, report));
    }

    private List<String> tenants(Settings settings) {
        List<String> all = List.copyOf(settings.tenants().keySet());
        tenant.filter(one -> !all.contains(one)).ifPresent(one -> {
            throw new CommandException(
                    Exit.USAGE,
                    "'%s' is not a configured tenant. There is: %s.".formatted(one, String.join(", ", all)));
        });
        return tenant.map(List::of).orElse(all);
    }

    private DeviceFilter filter(Settings settings) {
        Set<String> systems = operatingSystems.isEmpty() ? settings.guard().operatingSystems() : operatingSystems;
        return new DeviceFilter(
                systems.stream().anyMatch("any"::equalsIgnoreCase) ? Set.of() : systems,
                wildcard("--user", user),
                wildcard("--model", model),
                wildcard("--name", name),
                notSyncedFor.map(Instant.now()::minus),
                enrolledBefore);
    }

    private static Optional<Wildcard> wildcard(String option, Optional<String> text) {
        try {
            return text.map(Wildcard::of);
        } catch (IllegalArgumentException blank) {
            throw new CommandException(
                    Exit.USAGE, "Nothing stands behind " + option + ". Write what to look for, or leave it out.");
        }
    }

    private static void refuseTaken(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CommandException(
                    Exit.USAGE, file + " is there already, and no file is overwritten. Name another with --output.");
        }
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        if (!Files.isDirectory(folder)) {
            throw new CommandException(Exit.USAGE, "There is no folder " + folder + ". Make it, or name another file.");
        }
    }

    /** What writes the list; it reads meanwhile. */
    private interface Listing {
        void to(Writer writer) throws Exception;
    }

    /** The file appears whole or not at all. */
    @SuppressWarnings("try")
    private Exit writeWhole(Path file, ListingReport report, Listing listing) throws Exception {
        Path part = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try (Interruption cleanUp = Interruption.runs(() -> delete(part))) {
            try (Writer writer = OwnerAlone.writer(part)) {
                writer.write('\ufeff'); // so that Excel takes it for UTF-8
                listing.to(writer);
            }
            if (report.isCut()) {
                err().println(file + " was not written, since the list is not whole.");
            } else {
                FreePlace.move(part, file);
                report.nextSteps(file);
            }
            return report.exit();
        } catch (FileAlreadyExistsException lately) {
            throw new CommandException(
                    Exit.USAGE,
                    file + " was made by somebody else meanwhile, and no file is overwritten. Run it again.");
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException stays) {
            // it is hidden, and bears the ending .part
        }
    }

    private void list(Settings settings, List<String> tenants, DeviceFilter filter, Writer writer, ListingReport report)
            throws Exception {
        Clock clock = Clock.systemUTC();
        try (GraphHttp http = new GraphHttp(settings.graph(), 1);
                CloseableHttpClient signIn = http.client();
                DiagnosticClient graph = DiagnosticClient.ofLists(settings.graph(), clock);
                Tokens tokens = new Tokens(
                        settings.tenants(), settings.graph().baseUrl(), settings.data(), signIn, clock, new Random())) {
            DeviceListing listing =
                    new DeviceListing(settings.graph().baseUrl(), tokens, graph, pace(settings), new Random(), report);
            DeviceCsv csv = new DeviceCsv(
                    writer, settings.tenants().size() > 1, clock.instant().truncatedTo(ChronoUnit.SECONDS));
            for (String one : tenants) {
                Tally tally = new Tally();
                try {
                    listing.list(one, filter, tally, device -> csv.write(device, one));
                } catch (TokenException refused) {
                    tally.cut(refused);
                }
                report.listed(one, tally);
            }
            report.leftEmpty(csv.leftEmpty());
        }
    }

    private static Pace pace(Settings settings) throws IOException {
        int share = ServiceLock.isHeld(settings.data()) ? SHARE_BESIDE_THE_SERVICE : 1;
        return new Pace(
                settings.tenants().values().stream()
                        .collect(Collectors.toMap(
                                Settings.Tenant::name,
                                one -> new Pace.Quota(
                                        one.quota().writes(),
                                        Math.max(1, one.quota().reads() / share),
                                        one.quota().window()))),
                System::nanoTime);
    }
}
