package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.request.Device;

/** To see what became of an action in doubt. */
sealed interface ReadBack extends Ask {

    /** The look at a device in doubt, by its id whatever the form of the address. */
    static ReadBack of(Lease lease) {
        String id = lease.device()
                .map(Device::id)
                .or(() -> lease.address().managedDeviceId())
                .orElseThrow();
        return new OfDevice(lease.found(lease.address().byId(id)));
    }

    /** The id of the device that is looked at, or that another one is sought beside. */
    default String id() {
        return lease().address().managedDeviceId().orElseThrow();
    }

    /** To see the device. */
    record OfDevice(Lease lease) implements ReadBack {

        @Override
        public Optional<Lease> request() {
            return Optional.of(lease);
        }

        @Override
        public String path() {
            return lease.address().path();
        }

        @Override
        public String query() {
            return "$select=" + ReadResult.FIELDS;
        }

        @Override
        public Sought sought() {
            return Sought.device(lease.address().managedDeviceId());
        }
    }

    /** To find some other device, where the one in doubt is gone. */
    record FindAnother(Lease lease) implements ReadBack {

        @Override
        public Optional<Lease> request() {
            return Optional.of(lease);
        }

        @Override
        public String path() {
            return Search.PATH;
        }

        @Override
        public String query() {
            return "$top=2&$select=id";
        }
    }

    /** To see that this other device can be read. */
    record OfAnother(OfDevice other) implements ReadBack {

        static OfAnother of(Lease lease, Device another) {
            return new OfAnother(new OfDevice(lease.found(lease.address().byId(another.id()))));
        }

        @Override
        public Optional<Lease> request() {
            return other.request();
        }

        @Override
        public String path() {
            return other.path();
        }

        @Override
        public String query() {
            return other.query();
        }

        @Override
        public Sought sought() {
            return other.sought();
        }
    }
}
