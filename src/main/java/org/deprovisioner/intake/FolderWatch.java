package org.deprovisioner.intake;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that a folder cannot be read or went away, such as a share, and once that it is back. A folder that cannot be
 * read looks like an empty one to whoever only lists its files.
 */
final class FolderWatch implements PollingConsumerPollStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final Path folder;
    private final OddEntries odd;
    private boolean away;

    /** Watches over a folder, and what odd things lie in it. */
    public FolderWatch(Path folder, OddEntries odd) {
        this.folder = folder;
        this.odd = odd;
    }

    @Override
    public synchronized boolean begin(Consumer consumer, Endpoint endpoint) {
        Optional<String> fault = fault();
        if (fault.isPresent() && !away) {
            LOG.error("{} {} Nothing is taken from it until then.", folder, fault.get());
        } else if (fault.isEmpty() && away) {
            LOG.info("{} can be read again; work goes on.", folder);
        }
        away = fault.isPresent();
        if (!away) {
            odd.look();
        }
        return !away;
    }

    private Optional<String> fault() {
        if (!Files.isDirectory(folder)) {
            return Optional.of("is not there. Put the folder, or the share that it is on, back.");
        }
        return Files.isReadable(folder) && Files.isExecutable(folder)
                ? Optional.empty()
                : Optional.of("cannot be read. Give the service's user the right to.");
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {}

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) throws Exception {
        throw cause;
    }
}
