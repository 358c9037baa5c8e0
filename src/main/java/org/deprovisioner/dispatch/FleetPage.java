package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.Search;
import org.deprovisioner.ledger.Lease;

/**
 * To count the devices of a tenant of the operating systems that are acted on: a page of all its devices.
 *
 * @param page which page
 * @param counted how many the pages before it hold
 */
record FleetPage(String tenant, Pages page, long counted) implements Ask {

    /** So many pages of a tenant's devices are read at most: of a thousand devices each, as Graph makes them. */
    static final int MOST = 10_000;

    static FleetPage first(String tenant) {
        return new FleetPage(tenant, Pages.from("$select=id,operatingSystem"), 0);
    }

    /** The page after this one. */
    FleetPage next(Pages following, long more) {
        return new FleetPage(tenant, following, counted + more);
    }

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
        return page.query();
    }
}
