package org.deprovisioner.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Queue;

/** Ready requests that go to Graph together: those of one tenant, and for a bulk call of one form and reason. */
final class ReadyGroups implements LedgerSource<List<Lease>> {

    /** Leases up to so many requests of a tenant that can go together. */
    interface Together {
        List<Lease> lease(String tenant);
    }

    private final Collection<String> tenants;
    private final Queue queue;
    private final Brakes brakes;
    private final TenantMemory memory;
    private final Together together;

    ReadyGroups(Collection<String> tenants, Queue queue, Brakes brakes, TenantMemory memory, Together together) {
        this.tenants = tenants;
        this.queue = queue;
        this.brakes = brakes;
        this.memory = memory;
        this.together = together;
    }

    @Override
    public List<List<Lease>> take(int most) {
        List<List<Lease>> groups = new ArrayList<>();
        if (brakes.onAllActions().isEmpty()) {
            tenants.forEach(tenant -> take(tenant, most, groups));
        }
        return groups;
    }

    private void take(String tenant, int most, List<List<Lease>> groups) {
        boolean more = true;
        while (more && groups.size() < most) {
            List<List<Lease>> next = memory.refusesTogether(tenant)
                    ? queue.leaseReady(tenant, most - groups.size()).stream()
                            .map(List::of)
                            .toList()
                    : List.of(together.lease(tenant));
            more = next.stream().anyMatch(group -> !group.isEmpty());
            next.stream().filter(group -> !group.isEmpty()).forEach(groups::add);
        }
    }

    @Override
    public void giveBack(List<Lease> group) {
        group.forEach(queue::giveBack);
    }
}
