package org.deprovisioner.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Headers;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.guard.DeviceGuard;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Resolutions;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Device;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles looks at devices before their action: the first one, and the one right before it. */
public final class LookSettlements {

    private static final Logger LOG = LoggerFactory.getLogger(LookSettlements.class);

    /** What Graph said to the action of a device that it does not find and that is there all the same. */
    private static final Settlement.Dead REJECTED = new Settlement.Dead(
            Settlement.Failure.REJECTED_BY_GRAPH,
            "ResourceNotFound",
            "Graph said that the device is not there, and shows it all the same.",
            "Look at the device in Intune, and drop the row again later.");

    private static final GraphAnswer NOT_FOUND = new GraphAnswer.Http(404, new Headers(Map.of()), "", Instant.EPOCH);

    private final Claims claims;
    private final Resolutions resolutions;
    private final Tenants tenants;
    private final TenantMemory memory;
    private final AnswerReader answers;
    private final DeviceGuard guard;
    private final Protection protection;
    private final Duration duplicateWindow;

    LookSettlements(
            Claims claims,
            Resolutions resolutions,
            Tenants tenants,
            TenantMemory memory,
            AnswerReader answers,
            DeviceGuard guard,
            Protection protection,
            Duration duplicateWindow) {
        this.claims = claims;
        this.resolutions = resolutions;
        this.tenants = tenants;
        this.memory = memory;
        this.answers = answers;
        this.guard = guard;
        this.protection = protection;
        this.duplicateWindow = duplicateWindow;
    }

    /** Takes the id of a row for its device's, where devices are not read before they are acted on. */
    public void acceptUnseen(Lease lease) {
        resolutions.takenAsGiven(lease, duplicateWindow);
    }

    /**
     * Compares the device with what it was when it was let through.
     *
     * @return the action that may now go on
     * @throws NotNowException when the request ended or has to wait
     */
    public Call compare(Call look) throws NotNowException {
        look.permit().ifPresent(Permit::used);
        ReadResult reading = answers.read(look);
        tenants.learn(look, look.answer().orElseThrow());
        boolean stillThere = reading instanceof ReadResult.Found found && stillTheSame(look.lease(), found.device());
        if (!stillThere) {
            if (!(reading instanceof ReadResult.Found)) {
                endOrPostpone(look, reading);
            }
            throw new NotNowException(look.lease().where() + " has ended or has to wait.");
        }
        return look.then(look.ask(LookAgain.class).action());
    }

    private boolean stillTheSame(Lease lease, Device device) {
        boolean foundAgain = lease.lastStatus() == 404;
        Optional<Finding> refusal = foundAgain
                ? Optional.of(Findings.of(REJECTED, NOT_FOUND))
                : guard.refuse(
                        lease.address()
                                .managedDeviceId()
                                .or(() -> lease.device().map(Device::id)),
                        lease.expected(),
                        device,
                        lease.device(),
                        lease.force());
        refusal.ifPresentOrElse(
                finding -> resolutions.endSeen(lease, device, finding), () -> resolutions.readAgain(lease, device));
        if (foundAgain) {
            tenants.pauseFor(
                    lease.tenant(),
                    memory.consecutiveFaults()
                            .after(lease.tenant(), lease.address().path(), NOT_FOUND, (Settlement) REJECTED));
        }
        return refusal.isEmpty();
    }

    /**
     * Settles looks by their answers, each by its own.
     *
     * @return the looks that have to follow before their requests are settled: a further page, the device that a search
     *     found
     */
    public List<Call> settle(Call sent) {
        sent.permit().ifPresent(Permit::used);
        GraphAnswer whole = sent.answer().orElseThrow();
        if (sent.ask() instanceof Together together) {
            return settleTogether(sent, together);
        }
        Call following = settleOne(sent);
        tenants.learn(sent, whole);
        return Stream.of(following).filter(Call::isOpen).toList();
    }

    private List<Call> settleTogether(Call sent, Together together) {
        GraphAnswer whole = sent.answer().orElseThrow();
        Optional<String> refusal = AnswerRules.refusalOfTheWhole(whole);
        if (refusal.isPresent()) {
            lookAlone(sent, refusal.get());
            return List.of();
        }
        if (isTooLarge(whole)) {
            return half(together);
        }
        List<Call> looks = together.answered(sent);
        List<Call> following = looks.stream().map(this::settleOne).toList();
        tenants.learn(sent, looks);
        return following.stream().filter(Call::isOpen).toList();
    }

    /** Devices that cannot be looked at together are looked at one by one from now on. */
    private void lookAlone(Call sent, String refusal) {
        if (memory.refusedLooksTogether(sent.tenant())) {
            LOG.warn(
                    "Tenant {}, until the next start: Graph takes no looks together ({}): each device is looked at alone.",
                    sent.tenant(),
                    refusal);
        }
        sent.calls().forEach(look -> claims.giveBack(look.lease()));
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
    private List<Call> half(Together together) {
        List<Call> looks = together.parts();
        looks.subList(looks.size() / 2, looks.size()).forEach(look -> claims.giveBack(look.lease()));
        return looks.subList(0, looks.size() / 2);
    }

    /** Settles a look by its answer; gives the look that has to follow, or else this one. */
    private Call settleOne(Call look) {
        ReadResult reading = answers.read(look);
        Look asked = look.ask(Look.class);
        Lease lease = asked.lease();
        if (asked.search().isPresent()) {
            return settleSearch(look, asked.search().get(), reading);
        } else if (reading instanceof ReadResult.Found found) {
            settleFound(lease, found.device());
        } else if (reading instanceof ReadResult.Gone && mayBeEntraId(lease)) {
            return look.then(asked.then(Search.of(
                    Search.Property.ENTRA_ID, lease.address().managedDeviceId().orElseThrow())));
        } else {
            endOrPostpone(look, reading);
        }
        return look;
    }

    /** Whether an id that Intune does not know may be that of Entra ID: then another look tells. */
    private static boolean mayBeEntraId(Lease lease) {
        return lease.lastStatus() != 404
                && switch (lease.address().form()) {
                    case MANAGED_DEVICES, COMANAGED_DEVICES, USERS -> true;
                    default -> false;
                };
    }

    private Call settleSearch(Call look, Search search, ReadResult reading) {
        Look asked = look.ask(Look.class);
        Lease lease = asked.lease();
        boolean byEntraId = !lease.address().isSearch();
        if (reading instanceof ReadResult.Listed page) {
            try {
                Search so = search.with(page, look.baseUrl());
                if (!so.isComplete()) {
                    return look.then(asked.then(so));
                } else if (byEntraId) {
                    resolutions.endUnsent(lease, Candidates.ofEntraId(so, Findings.notFound(lease)));
                    return look;
                }
                Candidates candidates = Candidates.of(so);
                if (candidates instanceof Candidates.One one) {
                    return look.then(asked.at(one.device()));
                }
                resolutions.endUnsent(lease, ((Candidates.Refused) candidates).finding());
            } catch (UnusableListException unusable) {
                resolutions.endUnsent(
                        lease, byEntraId ? Findings.notFound(lease) : Candidates.unknown(search, unusable));
            }
        } else if (byEntraId && (reading instanceof Settlement.Dead || reading instanceof ReadResult.Gone)) {
            resolutions.endUnsent(lease, Findings.notFound(lease));
        } else {
            endOrPostpone(look, reading);
        }
        return look;
    }

    private void settleFound(Lease lease, Device device) {
        Optional<Finding> refusal = guard.refuse(
                        lease.address().managedDeviceId(), lease.expected(), device, Optional.empty(), lease.force())
                .or(() -> protection.refuse(lease, Optional.of(device)));
        if (refusal.isPresent() && refusal.get().outcome() != Outcome.ALREADY_DEPROVISIONED) {
            resolutions.endSeen(lease, device, refusal.get());
            return;
        }
        refusal.or(() -> lease.planned().flatMap(planned -> DeviceGuard.refuseUnplanned(planned, device)))
                .ifPresentOrElse(
                        finding -> resolutions.alreadyDeprovisioned(lease, device, finding, duplicateWindow),
                        () -> resolutions.resolved(lease, device, duplicateWindow));
    }

    private void endOrPostpone(Call look, ReadResult reading) {
        Lease lease = look.lease();
        GraphAnswer answer = look.answer().orElseThrow();
        Optional<Settlement.Paused> faultsInARow =
                memory.consecutiveFaults().after(look.tenant(), look.ask().subject(), answer, reading);
        tenants.pauseFor(look.tenant(), faultsInARow);
        if (reading instanceof ReadResult.Gone) {
            resolutions.endUnsent(lease, lease.lastStatus() == 404 ? Findings.gone() : Findings.notFound(lease));
        } else if (reading instanceof Settlement.Dead dead) {
            resolutions.endUnsent(lease, Findings.of(dead, answer));
        } else {
            tenants.postpone(look, reading)
                    .map(again -> again.chargedUnless(faultsInARow.isPresent()))
                    .ifPresent(again -> postpone(lease, again));
        }
    }

    private void postpone(Lease lease, Postponement again) {
        if (again.paused()) {
            claims.giveBack(lease);
        } else {
            resolutions.readLater(lease, again.delay(), again.charged(), again.reason());
        }
    }
}
