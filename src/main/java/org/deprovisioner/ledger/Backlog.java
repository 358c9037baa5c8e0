package org.deprovisioner.ledger;

import java.util.List;
import org.deprovisioner.store.Jdbc;

/** Which tenants have requests that wait for something: by jumps through an index, however many requests wait. */
public final class Backlog {

    private final Jdbc reader;

    Backlog(Jdbc reader) {
        this.reader = reader;
    }

    /** Those with received requests whose devices have to be read. */
    public List<String> unresolved() {
        return tenants("state = 'RECEIVED' and resolved is null");
    }

    /** Those with requests that are ready, be they due or not. */
    public List<String> ready() {
        return tenants("state = 'READY'");
    }

    /** Those with requests in doubt. */
    public List<String> inDoubt() {
        return tenants("state = 'IN_DOUBT'");
    }

    /** Those with requests that wait for Intune's approval. */
    public List<String> awaitingApproval() {
        return tenants("approval_since is not null");
    }

    private List<String> tenants(String which) {
        return reader.queryForList("""
                with recursive next (tenant) as (
                  select (select min(tenant) from request where %1$s)
                  union all
                  select (select min(tenant) from request where %1$s and tenant > next.tenant)
                    from next where next.tenant is not null)
                select tenant from next where tenant is not null
                """.formatted(which), String.class);
    }
}
