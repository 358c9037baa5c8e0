package org.deprovisioner.bench;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What the loops that remember nothing have in common. */
final class Loops {

    static final String REASON = "retiring_device";

    /** The body of each call. */
    static final String BODY = "{\"deprovisionReason\": \"" + REASON + "\"}";

    private Loops() {}

    /** One step of a loop, until there is nothing left to do. */
    interface Work {
        void run() throws Exception;
    }

    /** The id of a device. */
    static String device(int number) {
        return new UUID(0x4000L, 0x8000000000000000L | number).toString();
    }

    /** Where its action is. */
    static String url(String baseUrl, int number) {
        return baseUrl + "/deviceManagement/managedDevices/" + device(number) + "/deprovision";
    }

    /** Does the work in so many threads, and returns when all of them have ended. */
    static void run(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Callable<Boolean> loop = () -> {
            work.run();
            return true;
        };
        try {
            for (Future<Boolean> ended : pool.invokeAll(List.copyOf(
                    Stream.generate(() -> loop).limit(threads).toList()))) {
                ended.get();
            }
        } finally {
            pool.shutdown();
        }
    }
}
