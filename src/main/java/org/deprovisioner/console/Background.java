package org.deprovisioner.console;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What pages wait for that takes longer than a page may: one after the other, and few. */
final class Background implements AutoCloseable {

    private static final int MOST_WAITING = 4;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
                Thread thread = new Thread(work, "console-background");
                thread.setDaemon(true);
                return thread;
            });

    Background() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** @throws RefusedException when enough waits already */
    void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException busy) {
            throw new RefusedException(503, "The console has enough to do. Try again in a minute.");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
