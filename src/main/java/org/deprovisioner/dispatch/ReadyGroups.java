package org.deprovisioner.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.Lease;

/** Ready requests of a tenant that go to Graph together: for a bulk call, those of one form and reason. */
final class ReadyGroups implements LedgerSource<List<Lease>> {

    private final String tenant;
    private final Claims claims;
    private final Brakes brakes;
    private final TenantMemory memory;
    private final Supplier<List<Lease>> together;

    /** @param together leases as many requests as can go together */
    ReadyGroups(String tenant, Claims claims, Brakes brakes, TenantMemory memory, Supplier<List<Lease>> together) {
        this.tenant = tenant;
        this.claims = claims;
        this.brakes = brakes;
        this.memory = memory;
        this.together = together;
    }

    @Override
    public List<List<Lease>> take(int most) {
        List<List<Lease>> groups = new ArrayList<>();
        boolean more = brakes.onAllActions().isEmpty();
        while (more && groups.size() < most) {
            List<List<Lease>> next = memory.refusesTogether(tenant)
                    ? claims.leaseReady(tenant, most - groups.size()).stream()
                            .map(List::of)
                            .toList()
                    : List.of(together.get());
            more = next.stream().anyMatch(group -> !group.isEmpty());
            next.stream().filter(group -> !group.isEmpty()).forEach(groups::add);
        }
        return groups;
    }

    @Override
    public void giveBack(List<Lease> group) {
        group.forEach(claims::giveBack);
    }
}
