package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.Lease;

/** To see a device again right before its action. */
record LookAgain(Ask action) implements Ask {

    @Override
    public Optional<Lease> request() {
        return action.request();
    }

    @Override
    public String path() {
        return lease().address().path();
    }

    @Override
    public String query() {
        return "$select=" + ReadResult.FIELDS;
    }

    @Override
    public Sought sought() {
        return Sought.device(lease().address().managedDeviceId());
    }
}
