package org.deprovisioner.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This service's part among those that share its ledger: it shows that it lives, once a second, and becomes the active one
 * where no other is and its settings are those that all work by.
 */
final class SharedLedger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLedger.class);
    private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final Nodes.Self self;
    private final Supplier<Optional<String>> stopFile;
    private final Runnable holdAgainstLog;
    private final Runnable takeUp;
    private final Thread beating = new Thread(this::beatUntilClosed, "node");
    private volatile boolean closed;
    private volatile boolean works;
    private long session;
    private String said = "";

    /**
     * @param stopFile why this node lets nobody send; empty when it does not
     * @param holdAgainstLog looks whether the ledger knows all that this machine's audit log does
     * @param takeUp what is done between becoming active and the first work
     */
    SharedLedger(
            Ledger ledger,
            Nodes.Self self,
            Supplier<Optional<String>> stopFile,
            Runnable holdAgainstLog,
            Runnable takeUp) {
        this.holdAgainstLog = holdAgainstLog;
        this.ledger = ledger;
        this.self = self;
        this.stopFile = stopFile;
        this.takeUp = takeUp;
        this.beating.setDaemon(true);
    }

    /** Joins the others, and is one of them from now on. */
    void start() {
        ledger.nodes().join(self);
        beating.start();
    }

    /** Whether this service works the ledger off now. */
    boolean works() {
        return works && ledger.activity().isActive();
    }

    private void beatUntilClosed() {
        while (!closed) {
            try {
                beat();
                TimeUnit.NANOSECONDS.sleep(BETWEEN_BEATS.toNanos());
            } catch (InterruptedException closing) {
                return;
            } catch (RuntimeException failed) {
                say("The ledger cannot be reached by this machine: " + failed.getMessage());
            }
        }
    }

    private void beat() {
        ledger.nodes().beat(self, stopFile.get().orElse(""));
        if (session != ledger.activity().session()) { // an old backup may have been put back meanwhile
            session = ledger.activity().session();
            holdAgainstLog.run();
        }
        if (works && !ledger.activity().isActive()) {
            works = false;
            LOG.warn("The connection by which this machine was the active one has ended. Another may be it now.");
        }
        Optional<Nodes.Agreed> agreed = ledger.nodes().agreed();
        List<String> differing =
                agreed.map(all -> all.differing(self.settings())).orElse(List.of());
        if (!differing.isEmpty()) {
            standBy("Its settings differ from those that all work by, in " + String.join(", ", differing)
                    + ". Make them alike, or take these for all with 'deprovision node accept-settings'.");
        } else if (!works) {
            tryToBeActive(agreed.isEmpty());
        }
    }

    private void standBy(String why) {
        if (ledger.activity().isActive()) {
            works = false;
            ledger.activity().end();
        }
        say("This machine stands by. " + why);
    }

    private void tryToBeActive(boolean first) {
        int[] inDoubt = new int[1];
        boolean begun = ledger.activity().tryToBegin(jdbc -> {
            inDoubt[0] = ledger.recovery().recover(jdbc);
            ledger.nodes().takeOver(jdbc, self);
        });
        if (!begun) {
            say("This machine stands by; another is active.");
            return;
        }
        try {
            if (first) {
                ledger.nodes().agree(self.settings(), self.name(), "the first machine of this ledger");
            }
            takeUp.run();
            works = true;
        } catch (RuntimeException failed) {
            ledger.activity().end();
            throw failed;
        }
        say("This machine is the active one: it works the ledger off.");
        if (inDoubt[0] > 0) {
            LOG.warn(
                    "{} requests were under way when the machine before stopped: they are in doubt, and their devices are"
                            + " read back.",
                    inDoubt[0]);
        }
    }

    /** Said once, until there is something else to say. */
    private void say(String words) {
        if (!words.equals(said)) {
            said = words;
            LOG.info("{}", words);
        }
    }

    /** Lets another become active; what was under way has ended. */
    @Override
    public void close() {
        closed = true;
        works = false;
        beating.interrupt();
        try {
            beating.join();
            ledger.activity().end();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (StoreException unreachable) {
            LOG.warn("The ledger could not be told that this machine stops: {}", unreachable.getMessage());
        }
    }
}
