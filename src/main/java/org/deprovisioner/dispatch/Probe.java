package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.Search;
import org.deprovisioner.ledger.Lease;

/** To see whether a paused tenant answers again. */
record Probe(String tenant) implements Ask {

    @Override
    public Optional<Lease> request() {
        return Optional.empty();
    }

    @Override
    public String path() {
        return Search.PATH;
    }

    @Override
    public String query() {
        return "$top=1&$select=id";
    }
}
