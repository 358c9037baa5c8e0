package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.AttemptHistory;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.GraphError;
import org.deprovisioner.graph.Headers;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.guard.DeviceGuard;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.ledger.Queue;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Device;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.TokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what an answer means: in the ledger, for the tenant's lane, its token and its pause. */
public final class Settlements {

    private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

    /** What Graph said to the action of a device that it does not find and that is there all the same. */
    private static final Settlement.Dead REJECTED = new Settlement.Dead(
            Settlement.Failure.REJECTED_BY_GRAPH,
            "ResourceNotFound",
            "Graph said that the device is not there, and shows it all the same.",
            "Look at the device in Intune, and drop the row again later.");

    private static final Settlement.Paused UNCOUNTED = new Settlement.Paused(
            "fleet",
            "How many devices the tenant has cannot be read from Graph, and a share of them is a limit.",
            "Look at the log. To do without: deprovision.guard.max-fleet-percent=off.",
            Settlement.Ending.PROBE);

    private static final GraphAnswer NOT_FOUND = new GraphAnswer.Http(404, new Headers(Map.of()), "", Instant.EPOCH);

    private final Settings settings;
    private final Queue queue;
    private final Pauses pauses;
    private final Tenants tenants;
    private final ReadBacks readBacks;
    private final AnswerRules settling;
    private final DeviceGuard guard;
    private final ProtectedDevices protectedDevices;
    private final TenantMemory memory;
    private final ApprovalSettlements approvals;
    private final Clock clock;

    Settlements(
            Settings settings,
            Queue queue,
            Pauses pauses,
            Tenants tenants,
            ReadBacks readBacks,
            AnswerRules settling,
            DeviceGuard guard,
            ProtectedDevices protectedDevices,
            TenantMemory memory,
            ApprovalSettlements approvals,
            Clock clock) {
        this.settings = settings;
        this.queue = queue;
        this.pauses = pauses;
        this.tenants = tenants;
        this.readBacks = readBacks;
        this.settling = settling;
        this.guard = guard;
        this.protectedDevices = protectedDevices;
        this.memory = memory;
        this.approvals = approvals;
        this.clock = clock;
    }

    /** Settles a call by its answer, and of several that went together each by its own part of it. */
    public void settle(GraphCall sent) {
        sent.permit().ifPresent(Permit::used);
        if (sent instanceof Group group) {
            settleGroup(group);
        } else if (sent instanceof FleetPage page) {
            settleFleet(page);
        } else if (sent instanceof Call call) {
            switch (call.kind()) {
                case ACTION -> settleAlone(call);
                case LOOK, LOOK_AGAIN -> settleLooks(call);
                case READ_BACK, FIND_ANOTHER, READ_ANOTHER -> readBacks.settle(call);
                case POLL -> settlePoll(call);
                case PROBE -> settleProbe(call);
            }
        }
    }

    private void settleAlone(Call call) {
        settleAction(call);
        tenants.learn(call, call.answer().orElseThrow());
    }

    private void settleGroup(Group group) {
        GraphAnswer whole = group.answer().orElseThrow();
        Optional<String> refusal = AnswerRules.refusalOfTheWhole(whole);
        if (!group.isWrite()) {
            settleLooks(group);
        } else if (refusal.isPresent()) {
            sendAlone(group, whole, refusal.get());
        } else {
            List<Call> calls = group.answered();
            calls.forEach(this::settleAction);
            learn(group, calls);
        }
    }

    private void learn(Group group, List<Call> calls) {
        List<GraphAnswer> answers =
                calls.stream().flatMap(call -> call.answer().stream()).toList();
        answers.stream().filter(answer -> status(answer) != 429).forEach(one -> tenants.learn(group, one));
        // however many calls in one were throttled, it was one time
        answers.stream()
                .filter(answer -> status(answer) == 429)
                .findFirst()
                .ifPresent(one -> tenants.learn(group, one));
    }

    /** What is not taken together is sent one by one from now on: surely nothing of it was executed. */
    private void sendAlone(Group group, GraphAnswer whole, String refusal) {
        String words = "Graph takes no actions together (" + refusal + "): each is sent alone.";
        if (memory.refusedTogether(group.tenant())) {
            LOG.warn(
                    "Tenant {}, until the next start: {} For deprovision.mode=bulk the app registration needs the"
                            + " application permission DeviceManagementManagedDevices.PrivilegedOperations.All.",
                    group.tenant(),
                    words);
        }
        group.calls()
                .forEach(call -> queue.settleForRetry(
                        call.lease(), Duration.ZERO, false, false, words, status(whole), requestId(whole)));
    }

    /**
     * Compares the device with what it was when it was let through.
     *
     * @return the action that may now go on
     * @throws NotNowException when the request ended or has to wait
     */
    public Call compare(Call look) throws NotNowException {
        look.permit().ifPresent(Permit::used);
        ReadResult reading = read(look);
        tenants.learn(look, look.answer().orElseThrow());
        boolean stillThere = reading instanceof ReadResult.Found found && stillTheSame(look.lease(), found.device());
        if (!stillThere) {
            if (!(reading instanceof ReadResult.Found)) {
                endOrPostpone(look, reading);
            }
            throw new NotNowException(look.lease().where() + " has ended or has to wait.");
        }
        return look.as(Call.Kind.ACTION);
    }

    /**
     * Looks at the protected list once more, right before the attempt.
     *
     * @return the action without those whose device was protected since; their requests have ended
     * @throws NotNowException when none is left
     */
    public GraphCall refuseProtected(GraphCall action) throws NotNowException {
        List<Call> allowed = action.calls().stream()
                .filter(call -> !isProtected(call.lease()))
                .toList();
        if (allowed.isEmpty()) {
            throw new NotNowException(action.calls().get(0).lease().where() + " is protected.");
        }
        return action.only(allowed);
    }

    private boolean isProtected(Lease lease) {
        Optional<Finding> refusal =
                lease.device().flatMap(protectedDevices::refuse).or(() -> protectedDevices.refuse(named(lease)));
        refusal.ifPresent(finding -> queue.endUnsent(lease, finding));
        return refusal.isPresent();
    }

    /** What a row says of its device. */
    private static Device named(Lease lease) {
        return new Device(
                lease.address().managedDeviceId().orElse(""),
                lease.expected().deviceName().orElse(""),
                lease.expected().serialNumber().orElse(""),
                "",
                lease.expected().userPrincipalName().orElse(""),
                lease.expected().azureADDeviceId().orElse(""),
                Optional.empty(),
                List.of());
    }

    private boolean stillTheSame(Lease lease, Device device) {
        Optional<Finding> refusal = lease.lastStatus() == 404
                ? Optional.of(new Finding(
                        Outcome.REJECTED_BY_GRAPH, 404, REJECTED.code(), REJECTED.message(), REJECTED.remedy()))
                : guard.refuse(
                        lease.address()
                                .managedDeviceId()
                                .or(() -> lease.device().map(Device::id)),
                        lease.expected(),
                        device,
                        lease.device(),
                        lease.force());
        refusal.ifPresentOrElse(finding -> queue.endUnsent(lease, finding), () -> queue.readAgain(lease, device));
        if (lease.lastStatus() == 404) {
            tenants.pauseFor(
                    lease.tenant(),
                    memory.consecutiveFaults()
                            .after(lease.tenant(), lease.address().path(), NOT_FOUND, (Settlement) REJECTED));
        }
        return refusal.isEmpty();
    }

    /** Takes the id of a row for its device's, where devices are not read before they are acted on. */
    public void acceptUnseen(Lease lease) {
        queue.takenAsGiven(lease, settings.requests().duplicateWindow());
    }

    /** Ends a request as {@code dry-run} instead of sending it. */
    public void endDryRun(Lease lease) {
        queue.endUnsent(
                lease,
                Finding.of(
                        Outcome.DRY_RUN,
                        "Everything was done but the action itself (deprovision.dry-run=true).",
                        "Set deprovision.dry-run=false and drop the file again to send it."));
    }

    /** No token was to be had: the tenant pauses, and its requests stay where they are. */
    public void tokenRefused(Object work, TokenException refusal) {
        if (work instanceof GraphCall call) {
            call.permit().ifPresent(Permit::unused);
            tenants.pauseWithoutToken(call.tenant(), refusal);
            call.calls().forEach(one -> one.request().ifPresent(queue::giveBack));
        }
    }

    private void settleProbe(Call probe) {
        ReadResult reading = read(probe);
        tenants.learn(probe, probe.answer().orElseThrow());
        if (reading instanceof ReadResult.Listed
                || reading instanceof ReadResult.Found
                || reading instanceof ReadResult.Gone) {
            pauses.letOneThrough(
                    probe.tenant(),
                    settings.guard()
                            .hours()
                            .flatMap(hours -> hours.closed(clock.instant()))
                            .isPresent());
        } else {
            applyToTenant(probe, reading);
        }
    }

    /**
     * Settles a page of a tenant's devices.
     *
     * @return the page that has to follow, or else this one
     */
    public FleetPage settleFleet(FleetPage page) {
        page.permit().ifPresent(Permit::used);
        ReadResult reading = read(page.asProbe());
        tenants.learn(page, page.answer().orElseThrow());
        if (!(reading instanceof ReadResult.Listed list)) {
            applyToTenant(page.asProbe(), reading);
            if (memory.fleets().failedTooOften(page.tenant())) {
                tenants.pause(page.tenant(), UNCOUNTED);
            }
            return page;
        }
        long guarded = list.devices().stream().filter(guard::isGuarded).count();
        try {
            Optional<Pages> following = page.page().after(list, page.baseUrl(), FleetPage.MOST);
            if (following.isPresent()) {
                return page.next(following.get(), guarded);
            }
            memory.fleets().counted(page.tenant(), page.counted() + guarded, clock.instant());
        } catch (UnusableListException unusable) {
            tenants.pause(
                    page.tenant(),
                    new Settlement.Paused(
                            UNCOUNTED.cause(),
                            "The list of the tenant's devices cannot be read to its end, and a share of them is a limit: "
                                    + unusable.getMessage() + ".",
                            UNCOUNTED.remedy() + " Then run 'resume'.",
                            Settlement.Ending.RESUME));
        }
        return page;
    }

    /** What a read for no request says of the tenant. */
    private void applyToTenant(Call probe, ReadResult reading) {
        if (reading instanceof Settlement.Throttled throttled) {
            tenants.close(probe.tenant(), throttled.laneClosed());
        } else if (reading instanceof Settlement.NewToken renewal) {
            tenants.renewToken(probe, renewal);
        } else if (reading instanceof Settlement.Paused pause) {
            tenants.pause(probe.tenant(), pause);
        }
    }

    private void settlePoll(Call poll) {
        GraphAnswer answer = poll.answer().orElseThrow();
        String code = poll.lease().approval().flatMap(ApprovalRequest::code).orElseThrow();
        ReadResult reading = MultiAdminApproval.poll(code, answer, settling, attempt(poll, 0, Duration.ZERO));
        tenants.learn(poll, answer);
        tenants.pauseFor(
                poll.tenant(), memory.consecutiveFaults().after(poll.tenant(), poll.subject(), answer, reading));
        Duration wait = Duration.ZERO;
        if (reading instanceof Settlement.Throttled throttled) {
            tenants.close(poll.tenant(), throttled.laneClosed());
            wait = throttled.laneClosed();
        } else if (reading instanceof Settlement.NewToken renewal) {
            tenants.renewToken(poll, renewal);
        } else if (reading instanceof Settlement.Paused pause) {
            tenants.pause(poll.tenant(), pause);
        } else if (reading instanceof Settlement.Retry retry) {
            wait = retry.delay();
        }
        approvals.polled(poll.lease(), reading, wait);
    }

    /**
     * Settles looks by their answers, each by its own.
     *
     * @return the looks that have to follow before their requests are settled: a further page, the device that a search
     *     found
     */
    public List<Call> settleLooks(GraphCall sent) {
        sent.permit().ifPresent(Permit::used);
        GraphAnswer whole = sent.answer().orElseThrow();
        if (sent instanceof Group group) {
            Optional<String> refusal = AnswerRules.refusalOfTheWhole(whole);
            if (refusal.isPresent()) {
                lookAlone(group, refusal.get());
                return List.of();
            }
            if (isTooLarge(whole)) {
                return half(group);
            }
            List<Call> looks = group.answered();
            List<Call> following = looks.stream().map(this::settleLook).toList();
            learn(group, looks);
            return following.stream().filter(Call::isOpen).toList();
        }
        Call following = settleLook((Call) sent);
        tenants.learn(sent, whole);
        return Stream.of(following).filter(Call::isOpen).toList();
    }

    /** Devices that cannot be looked at together are looked at one by one from now on. */
    private void lookAlone(Group group, String refusal) {
        if (memory.refusedLooksTogether(group.tenant())) {
            LOG.warn(
                    "Tenant {}, until the next start: Graph takes no looks together ({}): each device is looked at alone.",
                    group.tenant(),
                    refusal);
        }
        group.calls().forEach(look -> queue.giveBack(look.lease()));
    }

    private static boolean isTooLarge(GraphAnswer whole) {
        return whole.http()
                .filter(http -> http.status() / 100 == 2 && http.extent() == GraphAnswer.Extent.TOO_LARGE)
                .isPresent();
    }

    /**
     * What is too large together is looked at in halves, until that which is too large alone has no other with it. The second
     * half comes again by itself.
     */
    private List<Call> half(Group group) {
        List<Call> looks = group.calls();
        looks.subList(looks.size() / 2, looks.size()).forEach(look -> queue.giveBack(look.lease()));
        return looks.subList(0, looks.size() / 2);
    }

    /** Settles a look by its answer; gives the look that has to follow, or else this one. */
    private Call settleLook(Call look) {
        ReadResult reading = read(look);
        Lease lease = look.lease();
        if (look.search().isPresent()) {
            return settleSearch(look, look.search().get(), reading);
        } else if (reading instanceof ReadResult.Found found) {
            settleFound(lease, found.device());
        } else if (reading instanceof ReadResult.Gone && mayBeEntraId(lease)) {
            return look.as(Search.of(
                    Search.Property.ENTRA_ID, lease.address().managedDeviceId().orElseThrow()));
        } else {
            endOrPostpone(look, reading);
        }
        return look;
    }

    /** Whether an id that Intune does not know may be that of Entra ID: then another look tells. */
    private static boolean mayBeEntraId(Lease lease) {
        return lease.lastStatus() != 404
                && switch (lease.address().form()) {
                    case MANAGED_DEVICES, COMANAGED_DEVICES -> true;
                    default -> false;
                };
    }

    private Call settleSearch(Call look, Search search, ReadResult reading) {
        Lease lease = look.lease();
        boolean byEntraId = !lease.address().isSearch();
        if (reading instanceof ReadResult.Listed page) {
            try {
                Search so = search.with(page, look.baseUrl());
                if (!so.isComplete()) {
                    return look.as(so);
                } else if (byEntraId) {
                    queue.endUnsent(lease, Candidates.ofEntraId(so, notFound(lease)));
                    return look;
                }
                Candidates candidates = Candidates.of(so);
                if (candidates instanceof Candidates.One one) {
                    return look.found(one.device());
                }
                queue.endUnsent(lease, ((Candidates.Refused) candidates).finding());
            } catch (UnusableListException unusable) {
                queue.endUnsent(lease, byEntraId ? notFound(lease) : Candidates.unknown(search, unusable));
            }
        } else if (byEntraId && (reading instanceof Settlement.Dead || reading instanceof ReadResult.Gone)) {
            queue.endUnsent(lease, notFound(lease));
        } else {
            endOrPostpone(look, reading);
        }
        return look;
    }

    private void settleFound(Lease lease, Device device) {
        Duration window = settings.requests().duplicateWindow();
        Optional<Finding> refusal = guard.refuse(
                        lease.address().managedDeviceId(), lease.expected(), device, Optional.empty(), lease.force())
                .or(() -> protectedDevices.refuse(device))
                .or(() -> protectedDevices.refuse(named(lease)));
        if (refusal.isPresent() && refusal.get().outcome() != Outcome.ALREADY_DEPROVISIONED) {
            queue.endSeen(lease, device, refusal.get());
            return;
        }
        refusal.or(() -> lease.planned().flatMap(planned -> DeviceGuard.refuseUnplanned(planned, device)))
                .ifPresentOrElse(
                        finding -> queue.alreadyDeprovisioned(lease, device, finding, window),
                        () -> queue.resolved(lease, device, window));
    }

    private ReadResult read(Call look) {
        GraphAnswer answer = look.answer().orElseThrow();
        int looks = look.request().map(Lease::looks).orElse(0);
        ReadResult reading = settling.read(answer, attempt(look, looks, Duration.ZERO), look.sought());
        if (!(reading instanceof Settlement.Common)) {
            memory.consecutiveFaults().after(look.tenant(), "", answer, reading);
        }
        return reading;
    }

    private void endOrPostpone(Call look, ReadResult reading) {
        Lease lease = look.lease();
        Optional<Settlement.Paused> streak = memory.consecutiveFaults()
                .after(look.tenant(), look.subject(), look.answer().orElseThrow(), reading);
        tenants.pauseFor(look.tenant(), streak);
        if (reading instanceof ReadResult.Gone) {
            queue.endUnsent(lease, lease.lastStatus() == 404 ? gone() : notFound(lease));
        } else if (reading instanceof Settlement.Dead dead) {
            queue.endUnsent(lease, finding(dead, look));
        } else if (reading instanceof Settlement.Retry retry) {
            queue.readLater(lease, retry.delay(), retry.charged() && streak.isEmpty(), retry.reason());
        } else if (reading instanceof Settlement.Throttled throttled) {
            tenants.close(look.tenant(), throttled.laneClosed());
            queue.readLater(lease, throttled.laneClosed(), false, "Graph wants fewer calls (429).");
        } else if (reading instanceof Settlement.NewToken renewal) {
            tenants.renewToken(look, renewal);
            queue.readLater(lease, Duration.ZERO, false, "The token was refused (401); a new one is used.");
        } else if (reading instanceof Settlement.Paused pause) {
            tenants.pause(look.tenant(), pause);
            queue.giveBack(lease);
        }
    }

    private static Finding gone() {
        return new Finding(
                Outcome.ALREADY_GONE,
                404,
                "ResourceNotFound",
                "The device was there when it was resolved, and is gone now.",
                "Nothing is to be done.");
    }

    private static Finding notFound(Lease lease) {
        return new Finding(
                Outcome.NOT_FOUND,
                404,
                "ResourceNotFound",
                "Graph has no device at " + lease.address().path() + ".",
                "Check the id: it must be Intune's device id of this tenant, not the Entra id.");
    }

    private void settleAction(Call call) {
        GraphAnswer answer = call.answer().orElseThrow();
        Lease lease = call.lease();
        Settlement settlement = MultiAdminApproval.settle(answer, ApprovalSettlements.asked(call), clock.instant())
                .orElseGet(() -> settling.settle(answer, attempt(call, lease.attempts(), lease.tried())));
        Optional<Settlement.Paused> streak =
                memory.consecutiveFaults().after(call.tenant(), lease.address().path(), answer, settlement);
        tenants.pauseFor(call.tenant(), streak);
        tenants.pauseFor(call.tenant(), memory.tooManyFailed(call.tenant(), settlement));
        int status = status(answer);
        String graphRequestId = requestId(answer);
        if (settlement instanceof Settlement.Done done) {
            memory.succeeded(call.tenant(), clock.instant());
            if (settings.doubt().verify() && done.success() == Settlement.Success.DEPROVISIONED) {
                queue.settleAccepted(lease, status, graphRequestId);
            } else {
                queue.settle(lease, finding(done, status), graphRequestId);
            }
        } else if (settlement instanceof Settlement.Dead dead) {
            queue.settle(lease, finding(dead, call), graphRequestId);
        } else if (settlement instanceof Settlement.Parked parked) {
            approvals.park(lease, parked, status, graphCode(answer), graphRequestId);
        } else if (settlement instanceof Settlement.InDoubt doubt) {
            tenants.pauseFor(call.tenant(), doubt.pause());
            queue.settleInDoubt(lease, doubt.reason(), status, graphRequestId);
        } else if (settlement instanceof Settlement.Retry retry) {
            if (status == 503 && memory.unavailableInARow(call.tenant()) > 0) {
                tenants.close(call.tenant(), retry.delay());
            }
            boolean charged = retry.charged() && streak.isEmpty();
            queue.settleForRetry(lease, retry.delay(), charged, false, retry.reason(), status, graphRequestId);
        } else if (settlement instanceof Settlement.Throttled throttled) {
            tenants.close(call.tenant(), throttled.laneClosed());
            queue.settleForRetry(
                    lease,
                    throttled.laneClosed(),
                    false,
                    false,
                    "Graph wants fewer calls (429).",
                    status,
                    graphRequestId);
        } else if (settlement instanceof Settlement.NewToken renewal) {
            tenants.renewToken(call, renewal);
            queue.settleForRetry(
                    lease,
                    Duration.ZERO,
                    false,
                    false,
                    "The token was refused (401); a new one is used.",
                    status,
                    graphRequestId);
        } else if (settlement instanceof Settlement.ReadOnceMore) {
            queue.settleForRetry(
                    lease,
                    Duration.ZERO,
                    true,
                    true,
                    "Graph does not find the device any more; it is looked at once more.",
                    404,
                    graphRequestId);
        } else if (settlement instanceof Settlement.Paused pause) {
            tenants.pause(call.tenant(), pause);
            queue.settleForRetry(lease, Duration.ZERO, false, false, pause.message(), status, graphRequestId);
        }
    }

    /** Whether the answer says all by itself: most do. */
    private static boolean isTaken(Call call) {
        return call.isWrite() && call.answer().map(Settlements::status).orElse(0) == 204;
    }

    private AttemptHistory attempt(Call call, int charged, Duration tried) {
        Settings.Pace limits = settings.pace();
        Optional<Lease> request = call.request();
        return new AttemptHistory(
                charged,
                limits.maxAttempts(),
                tried,
                limits.maxAge(),
                !isTaken(call) && pauses.isProbing(call.tenant()),
                memory.boreReplacement(call),
                settings.requests().resolve()
                        && request.flatMap(Lease::resolved).isPresent(),
                call.permit().map(Permit::refusalsBefore).orElse(0),
                tenants.window(call.tenant()),
                request.filter(lease -> lease.lastStatus() == 403).flatMap(Lease::lastAttempt),
                memory.lastSuccess(call.tenant()));
    }

    private static Finding finding(Settlement.Done done, int status) {
        return switch (done.success()) {
            case DEPROVISIONED -> new Finding(Outcome.DEPROVISIONED, status, "", "", "");
            case ALREADY_GONE -> gone();
        };
    }

    private static Finding finding(Settlement.Dead dead, Call call) {
        Outcome outcome = switch (dead.failure()) {
            case REJECTED_BY_GRAPH -> Outcome.REJECTED_BY_GRAPH;
            case TOO_LARGE -> Outcome.REJECTED_BY_GRAPH;
            case RETRIES_EXHAUSTED -> Outcome.RETRIES_EXHAUSTED;
            case APPROVAL_REFUSED -> Outcome.APPROVAL_REFUSED;
        };
        return new Finding(
                outcome, call.answer().map(Settlements::status).orElse(0), dead.code(), dead.message(), dead.remedy());
    }

    private static int status(GraphAnswer answer) {
        return answer.http().map(GraphAnswer.Http::status).orElse(0);
    }

    private static String graphCode(GraphAnswer answer) {
        return answer.http()
                .flatMap(GraphAnswer.Http::error)
                .map(GraphError::code)
                .orElse("");
    }

    private static String requestId(GraphAnswer answer) {
        return answer.http().flatMap(GraphAnswer.Http::requestId).orElse("");
    }
}
