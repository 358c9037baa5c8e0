package org.deprovisioner.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.deprovisioner.broker.BrokerFault;
import org.deprovisioner.broker.BrokerFaults;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.ledger.State;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.token.CertificateEnds;

/** Where things stand. */
final class Status extends LedgerCommand {

    /** Older batches are shown only while something of them is open. */
    private static final int NEWEST = 20;

    /** A vault that hangs holds nobody up who only asks where things stand. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A name longer than this has a line of its own, so that the numbers stay below their headings. */
    private static final int WIDEST_NAME = 40;

    private final Argument<Optional<String>> batch =
            takes(Argument.parameter(String.class, "BATCH", "One batch; all of them unless given."));

    private final Argument<Boolean> json = takes(Argument.flag("--json", "Print one JSON object."));

    Status() {
        super(
                "status",
                "Show where things stand: the service, what is paused or held, and the batches. With BATCH, that"
                        + " one alone, and its exit code.");
    }

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Optional<String> one = batch.get();
        List<BatchStatus> standings = one.isPresent()
                ? List.of(BatchStatus.of(one.get(), settings, ledger).orElseThrow(() -> noSuch(one.get())))
                : ledger.batches().all().stream()
                        .map(progress -> BatchStatus.of(progress, settings, ledger))
                        .toList();
        if (json.get()) {
            printJson(standings, settings, ledger);
        } else {
            printBrakes(settings, ledger);
            printBatches(standings, settings, ledger);
            one.flatMap(ledger.intakes()::howRead)
                    .ifPresent(read -> read.columns().forEach(out()::println));
        }
        return one.isPresent() ? standings.get(0).exit() : Exit.DONE;
    }

    static CommandException noSuch(String batch) {
        return new CommandException(
                Exit.USAGE, "There is no batch '" + batch + "'. 'deprovision status' names those there are.");
    }

    private void printBrakes(Settings settings, Ledger ledger) throws IOException {
        out().println(
                        ServiceLock.isServing(settings.data())
                                ? "Service: running" + ServiceLock.holder(settings.data()) + "."
                                : "Service: not running. Nothing is taken in or sent until 'deprovision run'.");
        if (ServiceLock.worker(settings.data())
                .filter(ServiceLock.Work.ONE_BATCH::equals)
                .isPresent()) {
            out().println("         But 'deprovision submit --wait'" + ServiceLock.holder(settings.data())
                    + " sends its own batch.");
        }
        if (settings.requests().dryRun()) {
            out().println("Dry run: nothing is sent (deprovision.dry-run=true).");
        }
        Brakes.stopFile(settings.data())
                .ifPresent(
                        file -> out().println("STOP:    the file " + file + " stops every call. Remove it to go on."));
        protectedList(settings, ledger).ifPresent(why -> out().println("List:    " + why));
        Standstill.atThisHour(settings).ifPresent(why -> out().println("Hours:   " + why));
        ledger.pauses().all().forEach(pause -> out().println(PauseScope.describe(pause)));
        faults(settings)
                .forEach(fault -> out().printf(
                                "Broker:  %s %s (since %s)%n",
                                fault.message(), fault.remedy(), PauseScope.utc(fault.since())));
        endingSoon(settings).forEach(out()::println);
        ledger.pauses()
                .closedLanes()
                .forEach((tenant, until) -> out().printf(
                                "Pace:    tenant %s waits until %s, since Graph wants fewer calls.%n",
                                tenant, until.truncatedTo(ChronoUnit.SECONDS)));
        slowed(settings, ledger)
                .forEach(lane -> out().printf(
                                "Pace:    tenant %s %s at most %.1f of %.1f %s a second, since Graph answered %s at %s. It grows again"
                                        + " while nothing is refused.%n",
                                lane.tenant(),
                                lane.write() ? "sends" : "reads",
                                lane.share() * rate(settings, lane),
                                rate(settings, lane),
                                lane.write() ? "calls" : "times",
                                lane.by(),
                                lane.at().truncatedTo(ChronoUnit.SECONDS)));
    }

    /** What is to be said of the list of protected devices: it stops every call, or rules of before hold too. */
    private static Optional<String> protectedList(Settings settings, Ledger ledger) {
        return Standstill.byProtectedList(settings)
                .or(() -> ledger.protectedLists()
                        .of(settings.guard().protectedDevices())
                        .map(ProtectedLists.Known::waiting)
                        .filter(why -> !why.isEmpty()));
    }

    /** What the broker does not do for the service that runs. */
    private static List<BrokerFault> faults(Settings settings) throws IOException {
        return ServiceLock.isHeld(settings.data()) ? BrokerFaults.of(settings.data()) : List.of();
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
                    .completeOnTimeout(Optional.empty(), PATIENCE.toSeconds(), TimeUnit.SECONDS)
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

    /** The lanes that are slower than the quota now, with the share that they use now. */
    private static List<Pauses.SlowLane> slowed(Settings settings, Ledger ledger) {
        Instant now = Instant.now();
        return ledger.pauses().slowLanes().stream()
                .map(lane -> new Pauses.SlowLane(
                        lane.tenant(),
                        lane.write(),
                        Pace.shareNow(
                                lane.share(),
                                Duration.between(lane.at(), now),
                                quota(settings, lane.tenant()).window()),
                        lane.at(),
                        lane.by()))
                .filter(lane -> lane.share() < 1)
                .toList();
    }

    /** The quota of a tenant; that of all where it is not configured any more. */
    private static Settings.Quota quota(Settings settings, String tenant) {
        Settings.Pace ofAll = settings.pace();
        return Optional.ofNullable(settings.tenants().get(tenant))
                .map(Settings.Tenant::quota)
                .orElseGet(() -> new Settings.Quota(ofAll.writes(), ofAll.window(), ofAll.reads()));
    }

    private static double rate(Settings settings, Pauses.SlowLane lane) {
        Settings.Quota quota = quota(settings, lane.tenant());
        return (lane.write() ? quota.writes() : quota.reads())
                * 1000.0
                / quota.window().toMillis();
    }

    private void printBatches(List<BatchStatus> standings, Settings settings, Ledger ledger) {
        List<BatchStatus> shown = IntStream.range(0, standings.size())
                .filter(index -> index < NEWEST
                        || standings.get(index).settled()
                                < standings.get(index).progress().rows())
                .mapToObj(standings::get)
                .toList();
        if (shown.isEmpty()) {
            out().println("No batch yet. 'deprovision template' prints a file to start from.");
            return;
        }
        int width = shown.stream()
                .mapToInt(standing -> standing.progress().name().length())
                .filter(length -> length <= WIDEST_NAME)
                .reduce("Batch".length(), Math::max);
        String heading = "%n%-" + width + "s  %9s %9s %9s %9s %9s %9s %9s %9s%n";
        out().printf(heading, "Batch", "rows", "done", "skipped", "failed", "unknown", "held", "waiting", "to send");
        String line = heading.substring(2).replace("%9s", "%,9d");
        for (BatchStatus one : shown) {
            String name = one.progress().name();
            if (name.length() > width) {
                out().println(name);
            }
            out().printf(
                            line,
                            name.length() > width ? "" : name,
                            one.progress().rows(),
                            one.in(OutcomeClass.DONE),
                            one.in(OutcomeClass.SKIPPED),
                            one.in(OutcomeClass.FAILED),
                            one.in(OutcomeClass.UNKNOWN),
                            one.held(),
                            one.waiting(),
                            one.ready());
        }
        if (shown.size() < standings.size()) {
            out().printf("(and %,d older ones, all settled)%n", standings.size() - shown.size());
        }
        out().println();
        printSkipped(shown, ledger);
        printHeld(shown, ledger);
        printGraces(ledger);
        printDoubts(ledger);
        printParked(shown, ledger);
        new WaitReasons(shown, settings, ledger).print(out());
    }

    private void printSkipped(List<BatchStatus> shown, Ledger ledger) {
        for (BatchStatus one : shown) {
            String batch = one.progress().name();
            ledger.intakes()
                    .howRead(batch)
                    .flatMap(read -> read.skipped().words())
                    .ifPresent(skipped -> out().println("Batch '" + batch + "': " + skipped));
        }
    }

    private void printDoubts(Ledger ledger) {
        ledger.doubts()
                .open()
                .ifPresent(open -> out().printf(
                                "%,d in doubt or being verified: the service reads their devices back, the next one at %s.%n",
                                open.requests(), open.nextLook().truncatedTo(ChronoUnit.SECONDS)));
    }

    private void printHeld(List<BatchStatus> shown, Ledger ledger) {
        ledger.units().held().stream()
                .filter(held -> shown.stream()
                        .anyMatch(standing -> standing.progress().name().equals(held.batch())))
                .forEach(held -> {
                    out().println(Approve.why(held));
                    out().println("  Release it with: " + Approve.command(held));
                });
    }

    private void printGraces(Ledger ledger) {
        ledger.units()
                .graces()
                .forEach(grace -> out().printf(
                                "Not yet: %,d rows of '%s' are not sent before %s (deprovision.guard.grace). Until then:"
                                        + " deprovision cancel %s%n",
                                grace.rows(), grace.batch(), PauseScope.utc(grace.until()), grace.batch()));
    }

    private void printParked(List<BatchStatus> shown, Ledger ledger) {
        ledger.parked().parked().stream()
                .filter(parked -> shown.stream()
                        .anyMatch(standing -> standing.progress().name().equals(parked.batch())))
                .forEach(parked -> {
                    out().printf(
                                    "Batch '%s': %,d %s for Intune's approval, the first since %s: %s%n",
                                    parked.batch(),
                                    parked.rows(),
                                    parked.rows() == 1 ? "row waits" : "rows wait",
                                    PauseScope.utc(parked.oldest()),
                                    parked.error());
                    out().println("  " + parked.remedy());
                });
    }

    static String plain(Duration duration) {
        return duration.plusMillis(999)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    private void printJson(List<BatchStatus> standings, Settings settings, Ledger ledger) throws IOException {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("serviceRunning", ServiceLock.isServing(settings.data()));
        status.put("dryRun", settings.requests().dryRun());
        status.put(
                "stopFile", Brakes.stopFile(settings.data()).map(Path::toString).orElse(""));
        status.put("protectedList", protectedList(settings, ledger).orElse(""));
        status.put("closed", Standstill.atThisHour(settings).orElse(""));
        status.put("credentialsEndingSoon", endingSoon(settings));
        status.put(
                "broker",
                faults(settings).stream()
                        .map(fault -> Map.of(
                                "message", fault.message(),
                                "remedy", fault.remedy(),
                                "sinceUtc", fault.since().toString()))
                        .toList());
        status.put("pauses", ledger.pauses().all().stream().map(Status::json).toList());
        status.put(
                "closedLanes",
                ledger.pauses().closedLanes().entrySet().stream()
                        .map(lane -> Map.of(
                                "tenant", lane.getKey(),
                                "untilUtc", lane.getValue().toString()))
                        .toList());
        status.put(
                "pace",
                slowed(settings, ledger).stream()
                        .map(lane -> Map.of(
                                "tenant", lane.tenant(),
                                "lane", lane.write() ? "actions" : "reads",
                                "share", lane.share(),
                                "callsPerSecond", lane.share() * rate(settings, lane),
                                "slowedBy", lane.by(),
                                "slowedUtc", lane.at().toString()))
                        .toList());
        status.put(
                "held",
                ledger.units().held().stream()
                        .map(held -> Map.of(
                                "batch",
                                held.batch(),
                                "why",
                                held.why(),
                                "devices",
                                held.devices(),
                                "rows",
                                held.rows()))
                        .toList());
        status.put(
                "grace",
                ledger.units().graces().stream()
                        .map(grace -> Map.of(
                                "batch", grace.batch(),
                                "rows", grace.rows(),
                                "notBeforeUtc", grace.until().toString()))
                        .toList());
        status.put(
                "batches",
                standings.stream().map(one -> json(one, settings, ledger)).toList());
        out().println(write(status));
    }

    static String write(Map<String, ?> object) throws JsonProcessingException {
        return JsonMapper.builder().build().writeValueAsString(object);
    }

    private static Map<String, Object> json(Pause pause) {
        return new LinkedHashMap<>(Map.of(
                "scope", pause.scope(),
                "until", pause.kind().name().toLowerCase(Locale.ROOT),
                "message", pause.message(),
                "remedy", pause.remedy(),
                "sinceUtc", pause.since().toString(),
                "setBy", pause.setBy()));
    }

    private static Map<String, Object> json(BatchStatus standing, Settings settings, Ledger ledger) {
        Map<String, Object> batch = new LinkedHashMap<>();
        batch.put("batch", standing.progress().name());
        batch.put("createdUtc", standing.progress().created().toString());
        batch.put("rows", standing.progress().rows());
        for (OutcomeClass outcomeClass : OutcomeClass.values()) {
            batch.put(outcomeClass.word(), standing.in(outcomeClass));
        }
        batch.put("held", standing.held());
        batch.put("waiting", standing.waiting());
        batch.put("ready", standing.ready());
        batch.put("inDoubt", standing.inDoubt());
        batch.put("awaitingApproval", standing.progress().in(State.AWAITING_APPROVAL));
        batch.put("outcomes", standing.progress().outcomes());
        batch.put("atRest", standing.atRest());
        BatchStatus.timeLeft(standing.ready(), settings, ledger)
                .ifPresent(left -> batch.put("secondsLeft", left.toSeconds()));
        ledger.intakes().howRead(standing.progress().name()).ifPresent(read -> {
            batch.put("columns", read.columns());
            batch.put(
                    "skippedLines",
                    Map.of(
                            "empty", read.skipped().empty(),
                            "comments", read.skipped().comments()));
        });
        batch.put("exitCode", standing.exit().code());
        return batch;
    }
}
