package org.deprovisioner.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases the work of one source as there is room for it, and hands it to workers. One thread asks for all parts of the
 * source, and each part has room and workers of its own, so that one that hangs holds up no other. A worker is a thread
 * for as long as there is work: a part without any costs nothing.
 */
final class LedgerPump {

    /** Takes a piece of work through its route. */
    interface Work {
        void process(Object work) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LedgerPump.class);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(2);

    /** A thread without work ends: of many tenants few are at work at the same time. */
    private static final long LONGEST_REST_SECONDS = 10;

    private final LedgerSource<Object> source;
    private final Work route;
    private final String name;
    private final int workers;
    private final int room;
    private final Map<LedgerSource<Object>, Part> parts = new HashMap<>();

    /** One is given whenever a part has room again for as much work as is worth asking for. */
    private final Semaphore asked = new Semaphore(0);

    private final AtomicBoolean faulty = new AtomicBoolean();
    private ExecutorService threads = Executors.newCachedThreadPool();
    private Thread pump = new Thread(this::pump);
    private volatile boolean open;

    /**
     * @param workers how many pieces of a part are worked on at once
     * @param ahead how many pieces of a part are leased beyond that
     */
    LedgerPump(LedgerSource<Object> source, Work route, String name, int workers, int ahead) {
        this.source = source;
        this.route = route;
        this.name = name;
        this.workers = workers;
        this.room = workers + ahead;
    }

    void start() {
        open = true;
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                LONGEST_REST_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> new Thread(work, name));
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
        threads.shutdown();
        return threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    private void pump() {
        while (open) {
            try {
                if (!takeAll() && asked.tryAcquire(IDLE.toNanos(), TimeUnit.NANOSECONDS)) {
                    asked.drainPermits();
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    /** Whether any part gave work. */
    private boolean takeAll() throws InterruptedException {
        boolean taken = false;
        for (LedgerSource<Object> part : partsWithWork()) {
            taken |= parts.computeIfAbsent(part, Part::new).take();
        }
        return taken;
    }

    private Collection<LedgerSource<Object>> partsWithWork() throws InterruptedException {
        try {
            Collection<LedgerSource<Object>> withWork = source.parts();
            if (withWork.isEmpty()) {
                recover();
            }
            return withWork;
        } catch (RuntimeException | Error fault) {
            stumble(fault);
            TimeUnit.NANOSECONDS.sleep(AFTER_A_FAULT.toNanos());
            return List.of();
        }
    }

    /** A fault is said once, until something works again. */
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

    /** The work of one part: what waits for a worker, and the workers that are at it. */
    private final class Part {

        private final LedgerSource<Object> work;
        private final Deque<Object> waiting = new ArrayDeque<>();
        private int working;

        /** After a fault nothing more of it is taken for a time. */
        private Optional<Long> failedAt = Optional.empty();

        Part(LedgerSource<Object> work) {
            this.work = work;
        }

        private boolean take() {
            int most = free();
            if (rests() || !isWorthAsking(most)) {
                return false;
            }
            try {
                List<Object> taken = work.take(most);
                if (taken.isEmpty()) {
                    recover();
                }
                taken.forEach(this::start);
                return !taken.isEmpty();
            } catch (RuntimeException | Error fault) {
                failed(fault);
                return false;
            }
        }

        private synchronized boolean rests() {
            return failedAt.filter(at -> System.nanoTime() - at < AFTER_A_FAULT.toNanos())
                    .isPresent();
        }

        private void succeeded() {
            recover();
            synchronized (this) {
                failedAt = Optional.empty();
            }
        }

        private void failed(Throwable fault) {
            stumble(fault);
            synchronized (this) {
                failedAt = Optional.of(System.nanoTime());
            }
        }

        private synchronized int free() {
            return room - waiting.size() - working;
        }

        /** Each time it is asked the ledger writes: half of its room at once, or all that it has when it is idle. */
        private boolean isWorthAsking(int free) {
            return free > 0 && (2 * free >= room || free == room);
        }

        private void start(Object piece) {
            synchronized (this) {
                if (working == workers) {
                    waiting.add(piece);
                    return;
                }
                working++;
            }
            try {
                threads.execute(() -> work(piece));
            } catch (RuntimeException | Error fault) { // without a thread for it, it goes back
                failed(fault);
                ended();
                work.giveBack(piece);
            }
        }

        private void work(Object first) {
            Object piece = first;
            while (piece != null) {
                process(piece);
                piece = next();
            }
        }

        private synchronized @org.jspecify.annotations.Nullable Object next() {
            Object next = waiting.poll();
            if (next == null) {
                working--;
            }
            if (isWorthAsking(free())) {
                asked.release();
            }
            return next;
        }

        private synchronized void ended() {
            working--;
        }

        private void process(Object piece) {
            try {
                if (open) {
                    route.process(piece);
                    succeeded();
                } else {
                    work.giveBack(piece);
                }
            } catch (Exception | Error fault) {
                failed(fault);
                work.giveBack(piece);
            }
        }
    }
}
