package org.deprovisioner.console;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.service.ServiceFigures;

/**
 * Whether the service lives and is ready, for machines: up or down and nothing else. It is down for life only where a new
 * start would help; not ready while nothing can be sent for anybody: paused as a whole, or a ledger that cannot be written.
 */
final class Health {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(3);

    private final ConsoleContext context;
    private final Supplier<ServiceFigures> service;
    private final Fresh<Boolean> writable = new Fresh<>(FRESH, this::lookWhetherWritable);
    private Optional<CompletableFuture<Integer>> writing = Optional.empty();

    Health(ConsoleContext context, Supplier<ServiceFigures> service) {
        this.context = context;
        this.service = service;
    }

    void addTo(Router router) {
        router.health("/health/live", request -> answer(isAlive()));
        router.health("/health/ready", request -> answer(isReady()));
    }

    private static WebResponse answer(boolean up) {
        return WebResponse.text(up ? 200 : 503, "text/plain; charset=utf-8", up ? "up\n" : "down\n");
    }

    private boolean isAlive() {
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return service.get().writing() && (deadlocked == null || deadlocked.length == 0);
    }

    private boolean isReady() {
        Ledger ledger = context.ledger();
        return Brakes.stopFile(context.settings().data()).isEmpty()
                && ledger.pauses().all().stream().map(Pause::scope).noneMatch(Pause.ALL::equals)
                && isWritable();
    }

    /** Whether the ledger could be written a moment ago. */
    boolean isWritable() {
        return writable.get();
    }

    /** A write that does not end is waited for, and no other is begun behind it. */
    private boolean lookWhetherWritable() {
        CompletableFuture<Integer> write = writing.filter(before -> !before.isDone())
                .orElseGet(context.ledger().figures()::write);
        writing = Optional.of(write);
        try {
            return write.get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS) > 0;
        } catch (ExecutionException | TimeoutException unwritable) {
            return false;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
