package org.deprovisioner.dispatch;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes work out of the ledger as fast as the route finishes it, and no faster. */
final class LedgerConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);
    private static final long IDLE_MILLIS = 100;
    private static final long FAULT_MILLIS = 2_000;

    private final LedgerSource<Object> source;
    private final String name;
    private final int workers;
    private final Semaphore room;
    private final AtomicBoolean faulty = new AtomicBoolean();
    private ExecutorService pool = Executors.newCachedThreadPool();
    private Thread pump = new Thread(this::pump);
    private volatile boolean open;

    LedgerConsumer(
            Endpoint endpoint, Processor processor, LedgerSource<Object> source, String name, int workers, int ahead) {
        super(endpoint, processor);
        this.source = source;
        this.name = name;
        this.workers = workers;
        this.room = new Semaphore(workers + ahead);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        open = true;
        pool = Executors.newFixedThreadPool(workers, work -> new Thread(work, name));
        pump = new Thread(this::pump, name + "-pump");
        pump.start();
    }

    /** Takes nothing more, and waits for what is under way: Camel would go on to end the routes that it still needs. */
    @Override
    protected void doStop() throws Exception {
        open = false;
        pump.interrupt();
        pump.join();
        pool.shutdown();
        long seconds = getEndpoint().getCamelContext().getShutdownStrategy().getTimeout();
        if (!pool.awaitTermination(seconds, TimeUnit.SECONDS)) {
            LOG.warn("{}: not all that was under way ended within {} s.", name, seconds);
        }
        super.doStop();
    }

    private void pump() {
        while (open) {
            try {
                room.acquire();
                int most = 1 + room.drainPermits();
                List<Object> taken = take(most);
                room.release(most - taken.size());
                taken.forEach(work -> pool.execute(() -> process(work)));
                if (faulty.get()) {
                    TimeUnit.MILLISECONDS.sleep(FAULT_MILLIS);
                } else if (taken.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private List<Object> take(int most) {
        try {
            List<Object> taken = source.take(most);
            if (taken.isEmpty()) {
                recover();
            }
            return taken;
        } catch (RuntimeException fault) {
            stumble(fault);
            return List.of();
        }
    }

    /** A fault is said once, and slows the pump down until something works again. */
    private void stumble(Exception fault) {
        if (faulty.compareAndSet(false, true)) {
            LOG.error("{} stands still, and tries again: {}", name, fault.getMessage());
            LOG.debug("The cause", fault);
        }
    }

    private void recover() {
        if (faulty.compareAndSet(true, false)) {
            LOG.info("{}: work goes on.", name);
        }
    }

    private void process(Object work) {
        try {
            if (!open) {
                source.giveBack(work);
                return;
            }
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(work);
            try {
                getProcessor().process(exchange);
            } finally {
                if (exchange.getException() != null) {
                    stumble(exchange.getException());
                } else {
                    recover();
                }
                releaseExchange(exchange, false);
            }
        } catch (Exception fault) {
            getExceptionHandler().handleException(name + " failed", fault);
        } finally {
            room.release();
        }
    }
}
