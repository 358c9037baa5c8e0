package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;

/**
 * To see a device for the first time.
 *
 * @param search what is searched for; empty where the address names the device
 */
record Look(Lease lease, Optional<Search> search) implements Ask {

    /** Without an id the device has to be searched for. */
    static Look first(Lease lease) {
        return new Look(
                lease,
                Optional.of(lease.address()).filter(Address::isSearch).map(unknown -> Search.of(lease.expected())));
    }

    /** The look that comes after this one: a further page, or a search by something else. */
    Look then(Search next) {
        return new Look(lease, Optional.of(next));
    }

    /** The look at the device that a search found. */
    Look at(Device found) {
        return new Look(lease.found(lease.address().of(found.id())), Optional.empty());
    }

    @Override
    public Optional<Lease> request() {
        return Optional.of(lease);
    }

    @Override
    public String path() {
        return search.isPresent() ? Search.PATH : lease.address().path();
    }

    @Override
    public String query() {
        return search.flatMap(Search::next).map(Pages::query).orElse("$select=" + ReadResult.FIELDS);
    }

    @Override
    public Sought sought() {
        return search.isPresent()
                ? Sought.matches()
                : Sought.device(lease.address().managedDeviceId());
    }

    @Override
    public String subject() {
        return search.map(one -> one.property() + " " + one.value())
                .orElseGet(() -> lease.address().path());
    }
}
