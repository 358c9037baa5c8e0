package org.deprovisioner.dispatch;

import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.graph.AnswerRules;
import org.deprovisioner.graph.AttemptHistory;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.InDoubt;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.ReadBack.Seen;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.request.Device;

/**
 * Takes the answers to looks at devices in doubt. A device that Graph does not find counts as gone only when another one can
 * be read at that moment: one is looked for, and read.
 */
public final class ReadBacks {

    private final AnswerRules settling;
    private final Claims claims;
    private final InDoubt inDoubt;
    private final Tenants tenants;
    private final TenantMemory memory;

    ReadBacks(AnswerRules settling, Claims claims, InDoubt inDoubt, Tenants tenants, TenantMemory memory) {
        this.settling = settling;
        this.claims = claims;
        this.inDoubt = inDoubt;
        this.tenants = tenants;
        this.memory = memory;
    }

    /**
     * Settles a look by its answer.
     *
     * @return the look that has to follow before anything is known (at another device), or else this one
     */
    public Call settle(Call look) {
        look.permit().ifPresent(Permit::used);
        GraphAnswer answer = look.answer().orElseThrow();
        ReadResult reading = settling.read(answer, attempt(look), look.ask().sought());
        tenants.learn(look, answer);
        Optional<Settlement.Paused> streak =
                memory.consecutiveFaults().after(look.tenant(), look.ask().subject(), answer, reading);
        tenants.pauseFor(look.tenant(), streak);
        if (reading instanceof Settlement.Common unanswered) {
            postpone(look, unanswered, streak.isEmpty());
            return look;
        }
        if (look.ask() instanceof ReadBack.OfDevice asked) {
            return settleDevice(look, asked, reading);
        } else if (look.ask() instanceof ReadBack.FindAnother asked) {
            return settleFinding(look, asked, reading);
        }
        return settleAnother(look, reading);
    }

    private Call settleDevice(Call look, ReadBack.OfDevice asked, ReadResult reading) {
        if (reading instanceof ReadResult.Gone) {
            return look.then(new ReadBack.FindAnother(asked.lease()));
        }
        return reading instanceof ReadResult.Found found && found.device().id().equals(asked.id())
                ? answered(look, new Seen.There(found.device()))
                : answered(look, new Seen.Nothing("Graph showed something else than the device that was asked for."));
    }

    private Call settleFinding(Call look, ReadBack.FindAnother asked, ReadResult reading) {
        Optional<Device> another = reading instanceof ReadResult.Listed page
                ? page.devices().stream()
                        .filter(device -> !device.id().equals(asked.id()))
                        .findFirst()
                : Optional.empty();
        return another.map(device -> look.then(ReadBack.OfAnother.of(asked.lease(), device)))
                .orElseGet(
                        () -> answered(
                                look,
                                new Seen.Nothing(
                                        "Graph does not find the device, and shows no other one either, so this proves nothing.")));
    }

    private Call settleAnother(Call look, ReadResult reading) {
        return answered(
                look,
                reading instanceof ReadResult.Found
                        ? new Seen.Gone()
                        : new Seen.Nothing("Graph finds neither the device nor another one, so this proves nothing."));
    }

    private Call answered(Call look, Seen seen) {
        inDoubt.answered(look.lease(), seen, trace(look));
        return look;
    }

    /** What is no answer about the device uses no look up; what is wrong with the tenant pauses it. */
    private void postpone(Call look, Settlement.Common unanswered, boolean charged) {
        Lease lease = look.lease();
        boolean ofAStranger = unanswered instanceof Settlement.Paused pause && pause.isOfAStranger();
        Optional<Postponement> again = ofAStranger ? Optional.empty() : tenants.postpone(look, unanswered);
        if (again.isEmpty()) {
            inDoubt.unanswered(lease, Optional.empty(), charged, words(unanswered), trace(look));
        } else if (again.get().paused()) {
            claims.giveBack(lease);
        } else {
            inDoubt.unanswered(
                    lease,
                    Optional.of(again.get().delay()),
                    again.get().charged() && charged,
                    again.get().reason().replaceFirst("\\.$", ""),
                    trace(look));
        }
    }

    private static String words(Settlement.Common unanswered) {
        if (unanswered instanceof Settlement.Paused stranger) {
            return stranger.message();
        }
        return unanswered instanceof Settlement.Dead dead
                ? dead.code() + (dead.code().isEmpty() ? "" : ": ") + dead.message()
                : "";
    }

    /** A read-back is never given up by the number of its attempts. */
    private AttemptHistory attempt(Call look) {
        return new AttemptHistory(
                look.lease().looks(),
                Integer.MAX_VALUE,
                Duration.ZERO,
                Duration.ofMillis(Long.MAX_VALUE),
                false,
                memory.boreReplacement(look),
                true,
                look.permit().map(Permit::refusalsBefore).orElse(0),
                tenants.window(look.tenant()),
                Optional.empty(),
                Optional.empty());
    }

    private static InDoubt.Trace trace(Call look) {
        GraphAnswer answer = look.answer().orElseThrow();
        return new InDoubt.Trace(answer.status(), look.clientRequestId(), answer.graphRequestId());
    }
}
