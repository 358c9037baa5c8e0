package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.broker.BrokerFaults;
import org.deprovisioner.report.ServiceState;
import org.deprovisioner.report.ServiceState.BrokerTrouble;
import org.deprovisioner.service.ServiceLock.Work;

/** The service of a data folder, as other processes see it. */
public final class RunningService {

    private RunningService() {}

    /** Who works on a data folder now, and what its broker does not do. */
    public static ServiceState look(Path data) throws IOException {
        Optional<Work> work = ServiceLock.worker(data);
        List<BrokerTrouble> broker = work.isEmpty()
                ? List.of()
                : BrokerFaults.of(data).stream()
                        .map(fault -> new BrokerTrouble(fault.message(), fault.remedy(), fault.since()))
                        .toList();
        return new ServiceState(
                work.filter(Work.SERVICE::equals).isPresent(),
                work.filter(Work.ONE_BATCH::equals).isPresent(),
                ServiceLock.holder(data),
                broker);
    }
}
