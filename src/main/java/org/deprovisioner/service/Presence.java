package org.deprovisioner.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Whether anybody works on what a command waits for; a service that is started anew may be away for a moment. */
public final class Presence {

    private static final Duration FOR_A_MOMENT = Duration.ofSeconds(10);

    private final BooleanSupplier working;
    private final Duration mayBeAway;
    private long lastSeen = System.nanoTime();

    Presence(BooleanSupplier working, Duration mayBeAway) {
        this.working = working;
        this.mayBeAway = mayBeAway;
    }

    /** For who sends by itself. */
    public static Presence ofThisProcess() {
        return new Presence(() -> true, FOR_A_MOMENT);
    }

    /** For who waits for the service of a data folder. */
    public static Presence ofService(Path data) {
        return new Presence(
                () -> {
                    try {
                        return ServiceLock.isServing(data);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                },
                FOR_A_MOMENT);
    }

    /** For who waits for a batch that a service sends, or the command that handed it over. */
    public static Presence ofWhoSends(Path data) {
        return new Presence(
                () -> {
                    try {
                        return Sending.now(data) != Sending.NOBODY;
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                },
                FOR_A_MOMENT);
    }

    /** Whether nobody has been there for longer than a moment. To be asked again and again. */
    public boolean isOver() {
        if (working.getAsBoolean()) {
            lastSeen = System.nanoTime();
        }
        return System.nanoTime() - lastSeen > mayBeAway.toNanos();
    }
}
