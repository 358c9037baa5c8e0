package org.deprovisioner.intake;

import java.io.File;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why a file cannot be collected or taken in now. It stays where it is and is tried again; the same is said once a
 * minute at the most.
 */
final class FileFaults implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FileFaults.class);
    private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);
    private static final int MOST_REMEMBERED = 1_000;

    private final LongSupplier nanoTime;
    private final Map<String, Long> said = new LinkedHashMap<>();

    /** @param nanoTime a monotonic clock, as {@link System#nanoTime()} */
    public FileFaults(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A file could not be taken in. */
    public void report(File file, Exception fault) {
        report(file.getName(), fault);
    }

    @Override
    public void handleException(Throwable fault) {
        report("The inbox", fault);
    }

    @Override
    public void handleException(@Nullable String message, Throwable fault) {
        report("The inbox", fault);
    }

    @Override
    public void handleException(@Nullable String message, @Nullable Exchange exchange, Throwable fault) {
        report(
                Optional.ofNullable(exchange)
                        .map(one -> one.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class))
                        .orElse("The inbox"),
                fault);
    }

    void report(String what, Throwable fault) {
        String words = words(fault);
        if (isNews(what + words)) {
            LOG.warn("{} cannot be taken in now, and is tried again: {}", what, words);
            LOG.debug("The cause", fault);
        }
    }

    private synchronized boolean isNews(String words) {
        long now = nanoTime.getAsLong();
        Long before = said.get(words);
        if (before != null && now - before < BETWEEN_WORDS.toNanos()) {
            return false;
        }
        if (said.size() >= MOST_REMEMBERED) {
            said.clear();
        }
        said.put(words, now);
        return true;
    }

    /** What happened, without the words of those who only passed it on. */
    private static String words(Throwable fault) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .filter(cause -> !cause.getClass().getName().startsWith("org.apache.camel."))
                .reduce((wrapper, cause) -> cause instanceof FileSystemException ? cause : wrapper)
                .map(cause -> cause instanceof FileSystemException ? ofFile(cause) : String.valueOf(cause.getMessage()))
                .orElseGet(() -> String.valueOf(fault.getMessage()));
    }

    private static String ofFile(Throwable fault) {
        return fault instanceof AccessDeniedException
                ? "access is denied to " + fault.getMessage()
                        + ". Give the service's user the right to read and move it."
                : fault.getMessage() + ". Is it open in another program?";
    }
}
