package org.deprovisioner.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Slows down who guesses: after a few failures an address waits twice as long with each further one, and what it sends
 * meanwhile is not even looked at. What failed is told to the audit log as a count, once a minute. Safe for many threads.
 */
final class FailedSignIns {

    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
    private static final int MOST_ADDRESSES = 10_000;
    private static final int MOST_TOLD = 10;

    private final Clock clock;
    private final Consumer<String> audit;
    private final Map<String, Failures> addresses = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Long> untold = new TreeMap<>();

    /** @param audit is told in a sentence how many failed */
    FailedSignIns(Clock clock, Consumer<String> audit) {
        this.clock = clock;
        this.audit = audit;
    }

    private record Failures(int count, Instant latest) {

        Instant freeAt() {
            long seconds = count < FREE ? 0 : 1L << Math.min(count - FREE, 10);
            return latest.plus(seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(seconds));
        }
    }

    /** @throws RefusedException when this address has to wait; that counts as a failure to be told, but delays no further */
    synchronized void refuseTooSoon(String address) {
        Failures failures = addresses.get(place(address));
        Instant now = clock.instant();
        if (failures != null && failures.count >= FREE && now.isBefore(failures.freeAt())) {
            count(address);
            long seconds = Duration.between(now, failures.freeAt()).toSeconds() + 1;
            throw new RefusedException(
                    429,
                    "Too many sign-ins failed from this address. Wait %d %s, then try again."
                            .formatted(seconds, seconds == 1 ? "second" : "seconds"));
        }
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        addresses.values().removeIf(failures -> now.isAfter(failures.latest.plus(FORGOTTEN_AFTER)));
        if (addresses.size() >= MOST_ADDRESSES) {
            addresses.remove(addresses.keySet().iterator().next());
        }
        addresses.merge(place(address), new Failures(1, now), (before, one) -> new Failures(before.count + 1, now));
        count(address);
    }

    synchronized void succeeded(String address) {
        addresses.remove(place(address));
    }

    private void count(String address) {
        untold.merge(
                untold.size() < MOST_TOLD || untold.containsKey(address) ? address : "other addresses", 1L, Long::sum);
    }

    /** Tells what failed since it was told last; to be called once a minute. */
    void tell() {
        String sentence;
        synchronized (this) {
            if (untold.isEmpty()) {
                return;
            }
            long all = untold.values().stream().mapToLong(Long::longValue).sum();
            sentence = "%d %s to the console failed: %s"
                    .formatted(
                            all,
                            all == 1 ? "sign-in" : "sign-ins",
                            untold.entrySet().stream()
                                    .map(address -> address.getValue() + " from " + address.getKey())
                                    .collect(Collectors.joining(", ")));
            untold.clear();
        }
        audit.accept(sentence);
    }

    /** Of IPv6, a household or a machine has a whole network of addresses. */
    private static String place(String address) {
        String[] groups = address.split(":", -1);
        return groups.length < 4 ? address : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }
}
