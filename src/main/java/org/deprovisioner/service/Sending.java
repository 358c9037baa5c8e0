package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.deprovisioner.service.ServiceLock.Work;

/** Who sends from a data folder now. */
public enum Sending {
    /** A service sends whatever there is. */
    SERVICE,
    /** A command sends its own batch, and nothing else. */
    ONE_BATCH,
    /** Nobody. */
    NOBODY;

    /** Who sends at this moment. */
    public static Sending now(Path data) throws IOException {
        Optional<Work> work = ServiceLock.worker(data);
        if (work.filter(Work.SERVICE::equals).isPresent()) {
            return SERVICE;
        }
        return work.filter(Work.ONE_BATCH::equals).isPresent() ? ONE_BATCH : NOBODY;
    }

    /** What a person still has to do so that what is to be sent is sent; empty when nothing is. */
    public Optional<String> toDo() {
        return switch (this) {
            case SERVICE -> Optional.empty();
            case ONE_BATCH ->
                Optional.of(
                        "No service is running; a 'deprovision submit --wait' sends its own batch alone. To have the"
                                + " rest sent, start 'deprovision run' once that has ended.");
            case NOBODY -> Optional.of("No service is running, so nothing is sent. To have it sent: deprovision run");
        };
    }
}
