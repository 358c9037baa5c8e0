package org.deprovisioner.dispatch;

import java.time.Clock;
import java.util.Optional;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.guard.DeviceGuard;
import org.deprovisioner.pace.Permit;

/** Counts the devices of a tenant page by page. */
public final class FleetSettlements {

    private static final Settlement.Paused UNCOUNTED = new Settlement.Paused(
            "fleet",
            "How many devices the tenant has cannot be read from Graph, and a share of them is a limit.",
            "Look at the log. To do without: deprovision.guard.max-fleet-percent=off.",
            Settlement.Ending.PROBE);

    private final Tenants tenants;
    private final Fleets fleets;
    private final AnswerReader answers;
    private final DeviceGuard guard;
    private final Clock clock;

    FleetSettlements(Tenants tenants, Fleets fleets, AnswerReader answers, DeviceGuard guard, Clock clock) {
        this.tenants = tenants;
        this.fleets = fleets;
        this.answers = answers;
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * Settles a page of a tenant's devices.
     *
     * @return the page that has to follow, or else this one
     */
    public Call settle(Call page) {
        page.permit().ifPresent(Permit::used);
        ReadResult reading = answers.read(page);
        tenants.learn(page, page.answer().orElseThrow());
        if (reading instanceof ReadResult.Listed list) {
            return count(page, list);
        }
        tenants.postpone(page, reading);
        if (fleets.failedTooOften(page.tenant())) {
            tenants.pause(page.tenant(), UNCOUNTED);
        }
        return page;
    }

    private Call count(Call call, ReadResult.Listed list) {
        FleetPage page = call.ask(FleetPage.class);
        long guarded = list.devices().stream().filter(guard::isGuarded).count();
        try {
            Optional<Pages> following = page.page().after(list, call.baseUrl(), FleetPage.MOST);
            if (following.isPresent()) {
                return call.then(page.next(following.get(), guarded));
            }
            fleets.counted(page.tenant(), page.counted() + guarded, clock.instant());
        } catch (UnusableListException unusable) {
            tenants.pause(page.tenant(), unreadable(unusable));
        }
        return call;
    }

    private static Settlement.Paused unreadable(UnusableListException unusable) {
        return new Settlement.Paused(
                UNCOUNTED.cause(),
                "The list of the tenant's devices cannot be read to its end, and a share of them is a limit: "
                        + unusable.getMessage() + ".",
                UNCOUNTED.remedy() + " Then run 'resume'.",
                Settlement.Ending.RESUME);
    }
}
