package org.deprovisioner.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Claims;
import org.deprovisioner.ledger.Lease;

/** Received requests of a tenant whose devices are looked at: a few one by one, and many together. */
final class UnresolvedGroups implements LedgerSource<List<Lease>> {

    /** So many are worth a call for all of them. */
    private static final int MANY = 5;

    private final String tenant;
    private final Claims claims;
    private final Brakes brakes;
    private final TenantMemory memory;
    private final int mostTogether;

    /** A source whose groups are of so many requests at most. */
    UnresolvedGroups(String tenant, Claims claims, Brakes brakes, TenantMemory memory, int mostTogether) {
        this.tenant = tenant;
        this.claims = claims;
        this.brakes = brakes;
        this.memory = memory;
        this.mostTogether = mostTogether;
    }

    @Override
    public List<List<Lease>> take(int most) {
        if (brakes.onForAll().isPresent()) {
            return List.of();
        }
        int together = memory.refusesLooksTogether(tenant) ? 1 : mostTogether;
        List<Lease> leases = claims.leaseUnresolved(tenant, most * together);
        int size = leases.size() < MANY && leases.size() <= most ? 1 : together;
        List<List<Lease>> groups = new ArrayList<>();
        for (int from = 0; from < leases.size(); from += size) {
            groups.add(List.copyOf(leases.subList(from, Math.min(leases.size(), from + size))));
        }
        return groups;
    }

    @Override
    public void giveBack(List<Lease> group) {
        group.forEach(claims::giveBack);
    }
}
