package org.deprovisioner.dispatch;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases work of one source as there is room for it, and hands it to workers of its own. */
final class LedgerPump {

    /** Takes a piece of work through its route. */
    interface Work {
        void process(Object work) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LedgerPump.class);
    private static final long IDLE_MILLIS = 100;

    /** Of so many parts each asks the ledger as often as the only one would; of more, together no more often. */
    private static final int FEW_PARTS = 10;

    /** A worker without work ends: of many tenants few are at work at the same time. */
    private static final long LONGEST_REST_SECONDS = 10;

    private static final long FAULT_MILLIS = 2_000;

    private final LedgerSource<Object> source;
    private final Work route;
    private final String name;
    private final int workers;
    private final long idleMillis;
    private final Semaphore room;
    private final AtomicBoolean faulty = new AtomicBoolean();
    private ExecutorService pool = Executors.newCachedThreadPool();
    private Thread pump = new Thread(this::pump);
    private volatile boolean open;

    /** @param parts how many pumps share the whole source */
    LedgerPump(LedgerSource<Object> source, Work route, String name, int parts, int workers, int ahead) {
        this.source = source;
        this.route = route;
        this.name = name;
        this.workers = workers;
        this.idleMillis = IDLE_MILLIS * Math.max(1, parts / FEW_PARTS);
        this.room = new Semaphore(workers + ahead);
    }

    void start() {
        open = true;
        ThreadPoolExecutor resting = new ThreadPoolExecutor(
                workers,
                workers,
                LONGEST_REST_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> new Thread(work, name));
        resting.allowCoreThreadTimeOut(true);
        pool = resting;
        pump = new Thread(this::pump, name + "-pump");
        pump.start();
    }

    /** Takes nothing more; what is under way goes on. */
    void close() {
        open = false;
        pump.interrupt();
    }

    /** Whether all that was under way ended in this time. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        pump.join();
        pool.shutdown();
        return pool.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    private void pump() {
        while (open) {
            try {
                room.acquire();
                int most = 1 + room.drainPermits();
                List<Object> taken = take(most);
                room.release(most - taken.size());
                taken.forEach(this::start);
                if (faulty.get()) {
                    TimeUnit.MILLISECONDS.sleep(FAULT_MILLIS);
                } else if (taken.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(idleMillis);
                }
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException | Error fault) {
                stumble(fault);
            }
        }
    }

    /** Without a thread for it, a piece of work goes back, and its room with it. */
    private void start(Object work) {
        try {
            pool.execute(() -> process(work));
        } catch (RuntimeException | Error fault) {
            stumble(fault);
            room.release();
            source.giveBack(work);
        }
    }

    private List<Object> take(int most) {
        try {
            List<Object> taken = source.take(most);
            if (taken.isEmpty()) {
                recover();
            }
            return taken;
        } catch (RuntimeException | Error fault) {
            stumble(fault);
            return List.of();
        }
    }

    /** A fault is said once, and slows the pump down until something works again. */
    private void stumble(Throwable fault) {
        if (faulty.compareAndSet(false, true)) {
            LOG.error("{}: work failed, and is tried again: {}", name, fault.getMessage());
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
            if (open) {
                route.process(work);
                recover();
            } else {
                source.giveBack(work);
            }
        } catch (Exception | Error fault) {
            stumble(fault);
            source.giveBack(work);
        } finally {
            room.release();
        }
    }
}
