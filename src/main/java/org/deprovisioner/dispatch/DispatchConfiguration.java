package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.JsonBatch;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.guard.DeviceGuard;
import org.deprovisioner.guard.FileChanges;
import org.deprovisioner.guard.Limits;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.ledger.AwaitingApproval;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Retention;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.Tokens;

/** Wires what the routes between the ledger and Graph are made of. */
public final class DispatchConfiguration implements CamelConfiguration, AutoCloseable {

    private static final int SENT_TOGETHER = 200;

    private final Settings settings;
    private final Ledger ledger;
    private final Tokens tokens;
    private final Clock clock;
    private final boolean dryRun;
    private final Pace pace;
    private final PaceOfBefore paceOfBefore;
    private final ProtectedDevices protectedDevices;
    private final FileChanges fileChanges;
    private final TenantMemory memory;
    private final Tenants perTenant;
    private final AnswerRules rules = new AnswerRules(new Random());
    private final AnswerReader answers;
    private final CallCounts callCounts = new CallCounts();
    private volatile BooleanSupplier works = () -> true;
    private volatile Instant started;

    /**
     * Wires the dispatch of a ledger with the tokens of its tenants.
     *
     * @param dryRun whether what a guard would hold ends as a dry run in place of it
     */
    public DispatchConfiguration(Settings settings, Ledger ledger, Tokens tokens, Clock clock, boolean dryRun) {
        this.dryRun = dryRun;
        this.settings = settings;
        this.ledger = ledger;
        this.tokens = tokens;
        this.clock = clock;
        this.started = clock.instant();
        this.pace = new Pace(
                settings.tenants().values().stream()
                        .collect(Collectors.toUnmodifiableMap(Settings.Tenant::name, tenant -> quota(tenant.quota()))),
                System::nanoTime);
        this.paceOfBefore = new PaceOfBefore(pace, ledger, settings.graph().timeout(), clock);
        this.protectedDevices = new ProtectedDevices(
                settings.guard().protectedDevices(), ledger.protectedLists(), clock, System::nanoTime);
        this.fileChanges = new FileChanges(settings.data(), ledger.takenFiles(), System::nanoTime);
        this.memory = new TenantMemory(ledger.pauses());
        this.perTenant = new Tenants(ledger.pauses(), pace, tokens, memory, clock);
        this.answers = new AnswerReader(
                settings.pace(), settings.requests().resolve(), rules, ledger.pauses(), perTenant, memory, clock);
        protectedDevices.sayAtTheStart();
        paceOfBefore.goOn(settings.tenants().values());
    }

    /**
     * Takes only work of this machine's own files while another works the ledger off. To be said before the routes start.
     *
     * @param active whether this service works the ledger off now
     */
    public void workOnlyWhile(BooleanSupplier active) {
        works = active;
    }

    /** This service becomes the active one: others made the calls meanwhile, and saw the devices. */
    public void takeUp() {
        started = clock.instant();
        pace.forget();
        paceOfBefore.goOn(settings.tenants().values());
    }

    /** Looks at the list of protected devices, so that the ledger has it as it is now. */
    public void showProtectedDevices() {
        protectedDevices.broken();
    }

    private static Pace.Quota quota(Settings.Quota quota) {
        return new Pace.Quota(quota.writes(), quota.reads(), quota.window());
    }

    /** Gives no permits any more: who waits for one gives its request back. */
    @Override
    public void close() {
        pace.stop();
    }

    /** The calls of this process until now. */
    public CallCounts callCounts() {
        return callCounts;
    }

    /** How much of each tenant's quota is taken now. */
    public List<Pace.Usage> paceUsage() {
        return pace.usage();
    }

    /** The component {@code ledger:}. */
    @BindToRegistry("ledger")
    public LedgerComponent ledger() {
        return new LedgerComponent(() -> works.getAsBoolean());
    }

    @Override
    public void configure(CamelContext camel) {
        Protection protection = new Protection(ledger.resolutions(), protectedDevices);
        Registry registry = camel.getRegistry();
        registry.bind("calls", calls());
        registry.bind("callEdge", new CallEdge(callCounts));
        registry.bind("protection", protection);
        registry.bind("actionSettlements", actionSettlements());
        registry.bind("lookSettlements", lookSettlements(protection));
        registry.bind("pollSettlements", new PollSettlements(perTenant, memory, answers, approvals()));
        registry.bind(
                "probeSettlements",
                new ProbeSettlements(
                        ledger.pauses(), perTenant, answers, settings.guard().hours(), clock));
        registry.bind(
                "fleetSettlements", new FleetSettlements(perTenant, memory.fleets(), answers, deviceGuard(), clock));
    }

    private Calls calls() {
        Optional<Duration> maxAge = Optional.of(settings.requests().resolveMaxAge())
                .filter(age -> settings.requests().resolve());
        return new Calls(
                settings.graph().baseUrl().toString(),
                settings.pace().mode(),
                ledger.claims(),
                ledger.resolutions(),
                ledger.attempts(),
                tokens,
                pace,
                brakes(),
                memory,
                perTenant,
                new Justifications(settings.requests().justification(), ledger.awaitingApproval()),
                maxAge,
                clock,
                System::nanoTime,
                () -> started);
    }

    private ActionSettlements actionSettlements() {
        return new ActionSettlements(
                ledger.resolutions(),
                ledger.attempts(),
                perTenant,
                memory,
                answers,
                approvals(),
                settings.doubt().verify(),
                clock);
    }

    private LookSettlements lookSettlements(Protection protection) {
        return new LookSettlements(
                ledger.claims(),
                ledger.resolutions(),
                perTenant,
                memory,
                answers,
                deviceGuard(),
                protection,
                settings.requests().duplicateWindow());
    }

    private ApprovalSettlements approvals() {
        return new ApprovalSettlements(ledger.attempts(), ledger.awaitingApproval(), clock);
    }

    private DeviceGuard deviceGuard() {
        return new DeviceGuard(settings.guard().operatingSystems());
    }

    @BindToRegistry("readBacks")
    public ReadBacks readBacks() {
        return new ReadBacks(rules, ledger.claims(), ledger.inDoubt(), perTenant, memory);
    }

    @BindToRegistry("awaitingApproval")
    public AwaitingApproval awaitingApproval() {
        return ledger.awaitingApproval();
    }

    @BindToRegistry("parked-requests")
    public LedgerSource<Lease> parkedRequests() {
        return leases(
                ledger.backlog()::awaitingApproval,
                Brakes::onForAll,
                (tenant, most) -> ledger.awaitingApproval().leaseToPoll(tenant, most));
    }

    @BindToRegistry("requests-without-approval-code")
    public LedgerSource<Lease> requestsWithoutApprovalCode() {
        return leases(
                ledger.backlog()::awaitingApproval,
                Brakes::onForAll,
                (tenant, most) -> ledger.awaitingApproval().leaseToAskAgain(tenant, most));
    }

    @BindToRegistry("unitGuard")
    public UnitGuard unitGuard() {
        return new UnitGuard(ledger.units(), new Limits(settings.guard()), memory.fleets(), fileChanges, dryRun);
    }

    @BindToRegistry("fileChanges")
    public FileChanges fileChanges() {
        return fileChanges;
    }

    @BindToRegistry("changed-files")
    public LedgerSource<FileChanges.Change> changedFiles() {
        return fileChanges::look;
    }

    @BindToRegistry("unresolved-requests")
    public LedgerSource<Lease> unresolvedRequests() {
        return leases(
                ledger.backlog()::unresolved,
                Brakes::onForAll,
                (tenant, most) -> ledger.claims().leaseUnresolved(tenant, most));
    }

    @BindToRegistry("unresolved-groups")
    public LedgerSource<List<Lease>> unresolvedGroups() {
        return LedgerSource.ofEach(
                settings.tenants().keySet(),
                ledger.backlog()::unresolved,
                tenant -> new UnresolvedGroups(
                        tenant,
                        ledger.claims(),
                        brakes(),
                        memory,
                        Math.min(JsonBatch.MOST, quotaOf(tenant).reads())));
    }

    @BindToRegistry("ready-requests")
    public LedgerSource<Lease> readyRequests() {
        return leases(
                ledger.backlog()::ready,
                Brakes::onAllActions,
                (tenant, most) -> ledger.claims().leaseReady(tenant, most));
    }

    @BindToRegistry("requests-in-doubt")
    public LedgerSource<Lease> requestsInDoubt() {
        return leases(
                ledger.backlog()::inDoubt,
                Brakes::onForAll,
                (tenant, most) -> ledger.claims().leaseInDoubt(tenant, most));
    }

    @BindToRegistry("ready-groups")
    public LedgerSource<List<Lease>> readyGroups() {
        return LedgerSource.ofEach(
                settings.tenants().keySet(),
                ledger.backlog()::ready,
                tenant -> new ReadyGroups(tenant, ledger.claims(), brakes(), memory, () -> together(tenant)));
    }

    private List<Lease> together(String tenant) {
        Claims claims = ledger.claims();
        if (settings.pace().mode() == Settings.Mode.BULK) {
            return claims.leaseReadyAlike(tenant, settings.pace().bulkSize(), Together::isForBulk);
        }
        return claims.leaseReady(
                tenant, Math.min(JsonBatch.MOST, quotaOf(tenant).writes()));
    }

    private Settings.Quota quotaOf(String tenant) {
        return Objects.requireNonNull(settings.tenants().get(tenant)).quota();
    }

    @BindToRegistry("resolved-units")
    public LedgerSource<Unit> resolvedUnits() {
        return new RestingFailures<>(guardedUnits().ready(), System::nanoTime);
    }

    @BindToRegistry("uncounted-fleets")
    public LedgerSource<Call> uncountedFleets() {
        return guardedUnits().uncounted(settings.graph().baseUrl().toString(), brakes());
    }

    private GuardedUnits guardedUnits() {
        boolean countedFirst = settings.guard().maxFleetPercent().isPresent();
        return new GuardedUnits(ledger.units(), memory.fleets(), countedFirst, clock);
    }

    @BindToRegistry("changed-batches")
    public LedgerSource<Changed> changedBatches() {
        Brakes brakes = brakes();
        return new RestingFailures<>(
                most -> ledger.batches().changedAtRest(most, brakes.onAllActions(), brakes.onForAll()),
                System::nanoTime);
    }

    @BindToRegistry("paused-tenants")
    public LedgerSource<Pause> pausedTenants() {
        Brakes brakes = brakes();
        return LedgerSource.ofEach(settings.tenants().keySet(), this::paused, tenant -> most -> {
            memory.seePause(tenant);
            return brakes.onForAll().isEmpty() ? ledger.pauses().dueForProbe(tenant) : List.of();
        });
    }

    private Set<String> paused() {
        Set<String> scopes = ledger.pauses().all().stream().map(Pause::scope).collect(Collectors.toSet());
        return scopes.contains(Pause.ALL) ? settings.tenants().keySet() : scopes;
    }

    @BindToRegistry("expired-batches")
    public LedgerSource<Retention.Removed> expiredBatches() {
        return new ExpiredBatches(ledger.retention(), settings.requests().retention(), System::nanoTime);
    }

    @BindToRegistry("audit-entries")
    public LedgerSource<Long> auditEntries() {
        return most -> ledger.audit().due().stream().toList();
    }

    @BindToRegistry("dead-letters")
    public LedgerSource<List<Outbox.Entry>> deadLetters() {
        return leaving(Outbox.Letter.DEAD_LETTER);
    }

    @BindToRegistry("replies")
    public LedgerSource<List<Outbox.Entry>> replies() {
        return leaving(Outbox.Letter.REPLY);
    }

    private LedgerSource<List<Outbox.Entry>> leaving(Outbox.Letter kind) {
        return most -> List.of(ledger.outbox().due(kind, SENT_TOGETHER)).stream()
                .filter(entries -> !entries.isEmpty())
                .toList();
    }

    private Brakes brakes() {
        return new Brakes(
                settings.data(),
                protectedDevices,
                ledger.pauses(),
                settings.guard().hours(),
                clock,
                ledger.nodes()::stoppedByAnother);
    }

    private LedgerSource<Lease> leases(
            Supplier<List<String>> withWork,
            Function<Brakes, Optional<String>> stopping,
            BiFunction<String, Integer, List<Lease>> lease) {
        return LedgerSource.ofEach(settings.tenants().keySet(), withWork, tenant -> leases(tenant, stopping, lease));
    }

    private LedgerSource<Lease> leases(
            String tenant,
            Function<Brakes, Optional<String>> stopping,
            BiFunction<String, Integer, List<Lease>> lease) {
        Brakes brakes = brakes();
        return new LedgerSource<>() {
            @Override
            public List<Lease> take(int most) {
                return stopping.apply(brakes).isEmpty() ? lease.apply(tenant, most) : List.of();
            }

            @Override
            public void giveBack(Lease work) {
                ledger.claims().giveBack(work);
            }
        };
    }
}
