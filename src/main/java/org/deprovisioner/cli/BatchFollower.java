package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.Await;
import org.deprovisioner.service.Presence;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;

/** Follows batches until they are at rest: with a progress bar on a terminal, with plain lines elsewhere. */
final class BatchFollower {

    private static final Duration LOOK = Duration.ofMillis(300);

    /** Rows are counted again after so many times the time that it took. */
    private static final int COUNTED_RARELY = 20;

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final Duration FOR_FILES = Duration.ofSeconds(15);

    /** A list that is just being copied is not yet broken. */
    private static final Duration FOR_THE_LIST = Duration.ofSeconds(30);

    /** So many probes may find no token while somebody waits, and so long may they take. */
    private static final int PROBES_IN_VAIN = 2;

    private static final Duration FOR_A_TOKEN = Duration.ofMinutes(2);

    private final Settings settings;
    private final Ledger ledger;
    private final PrintWriter err;
    private final Duration betweenLines;
    private final Presence presence;
    private final Deadline deadline;

    /** The pauses for want of a token, as they were first seen: by tenant. */
    private final Map<String, Sighting> withoutToken = new HashMap<>();

    private Optional<Long> brokenSince = Optional.empty();

    private record Sighting(Instant since, int probes, long at) {}

    BatchFollower(Settings settings, Ledger ledger, PrintWriter err, Presence presence) {
        this(settings, ledger, err, presence, new Deadline(Optional.empty()));
    }

    /**
     * @param presence whether anybody works on the batches
     * @param deadline how long they are followed
     */
    BatchFollower(Settings settings, Ledger ledger, PrintWriter err, Presence presence, Deadline deadline) {
        this(settings, ledger, err, presence, deadline, BETWEEN_LINES);
    }

    /** @param betweenLines how often a line says where the batches stand, where no terminal shows a bar */
    BatchFollower(
            Settings settings,
            Ledger ledger,
            PrintWriter err,
            Presence presence,
            Deadline deadline,
            Duration betweenLines) {
        this.deadline = deadline;
        this.betweenLines = betweenLines;
        this.settings = settings;
        this.ledger = ledger;
        this.err = err;
        this.presence = presence;
    }

    /** Why following ended. */
    enum End {
        /** Every row is settled or waits. */
        AT_REST,
        /** It took longer than somebody waits. */
        TIMED_OUT,
        /** Nobody works on the batches any more. */
        NOBODY_WORKS,
        /** No token is to be had for what is left, and that does not pass by itself. */
        NO_TOKEN,
        /** The list of protected devices cannot be used, which stops every call. */
        NO_LIST
    }

    /** Where the batches stood in the end. */
    record Followed(List<BatchStatus> statuses, End end) {}

    /** Where the batches stand once each is at rest and its files are written. */
    List<BatchStatus> untilAtRest(List<String> batches) throws InterruptedException {
        return follow(batches).statuses();
    }

    /** Follows the batches until each is at rest and its files are written, or until to wait longer leads nowhere. */
    Followed follow(List<String> batches) throws InterruptedException {
        List<BatchStatus> statuses = Deprovisioner.onTerminal() ? withBar(batches) : withLines(batches);
        End end = end(batches).orElse(End.AT_REST);
        if (end == End.AT_REST) {
            Await.until(
                    FOR_FILES,
                    () -> presence.isOver()
                            || ledger
                                    .batches()
                                    .changedAtRest(
                                            Integer.MAX_VALUE,
                                            Standstill.now(settings),
                                            Brakes.stopped(settings.data()))
                                    .stream()
                                    .noneMatch(changed -> batches.contains(changed.name())));
        }
        return new Followed(statuses, end);
    }

    /** Why there is nothing more to wait for; empty when there is. */
    private Optional<End> end(List<String> batches) {
        if (batches.stream().allMatch(this::isAtRest)) {
            return Optional.of(End.AT_REST);
        } else if (deadline.isOver()) {
            return Optional.of(End.TIMED_OUT);
        } else if (presence.isOver()) {
            return Optional.of(End.NOBODY_WORKS);
        } else if (Standstill.byProtectedList(settings).isPresent()) {
            return brokenFor(FOR_THE_LIST) ? Optional.of(End.NO_LIST) : Optional.empty();
        }
        brokenSince = Optional.empty();
        Set<String> stuck = stuck();
        return !stuck.isEmpty()
                        && batches.stream()
                                .noneMatch(
                                        batch -> ledger.batches().goesOn(batch, Standstill.atThisHour(settings), stuck))
                ? Optional.of(End.NO_TOKEN)
                : Optional.empty();
    }

    private boolean brokenFor(Duration time) {
        long since = brokenSince.orElseGet(System::nanoTime);
        brokenSince = Optional.of(since);
        return System.nanoTime() - since > time.toNanos();
    }

    /** The tenants whose token is refused again and again: only a person can change that. */
    private Set<String> stuck() {
        Map<String, Pause> refused = ledger.pauses().all().stream()
                .filter(pause -> pause.cause().equals(Pause.TOKEN_REFUSED))
                .collect(Collectors.toMap(Pause::scope, pause -> pause));
        withoutToken.keySet().retainAll(refused.keySet());
        return refused.values().stream()
                .filter(pause -> {
                    Sighting first = withoutToken.compute(
                            pause.scope(),
                            (tenant, seen) -> seen != null && seen.since().equals(pause.since())
                                    ? seen
                                    : new Sighting(pause.since(), pause.probes(), System.nanoTime()));
                    return pause.probes() - first.probes() >= PROBES_IN_VAIN
                            || System.nanoTime() - first.at() > FOR_A_TOKEN.toNanos();
                })
                .map(Pause::scope)
                .collect(Collectors.toSet());
    }

    private List<BatchStatus> withBar(List<String> batches) throws InterruptedException {
        long begun = System.nanoTime();
        AtomicReference<ProgressLine> line = new AtomicReference<>(line(List.of(), begun));
        Logging.beginBelow(true);
        // a line of the terminal's whole width would be followed by an empty one on some
        try (ProgressBar bar = new ProgressBarBuilder()
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .setRenderer(
                        (state, width) -> Objects.requireNonNull(line.get()).within(width - 1))
                .build()) {
            while (true) {
                long start = System.nanoTime();
                List<BatchStatus> statuses = look(batches);
                Duration counting = Duration.ofNanos(System.nanoTime() - start);
                line.set(line(statuses, begun));
                bar.refresh();
                if (statuses.stream().allMatch(BatchStatus::atRest)
                        || end(batches).isPresent()) {
                    return statuses;
                }
                rest(batches, counting.multipliedBy(COUNTED_RARELY));
            }
        } finally {
            Logging.beginBelow(false);
        }
    }

    private List<BatchStatus> withLines(List<String> batches) throws InterruptedException {
        long start = System.nanoTime();
        long next = start;
        while (true) {
            List<BatchStatus> statuses = look(batches);
            boolean over = statuses.stream().allMatch(BatchStatus::atRest)
                    || end(batches).isPresent();
            if (over || System.nanoTime() - next >= 0) {
                next = System.nanoTime() + betweenLines.toNanos();
                err.println(line(statuses, start).whole());
                err.flush();
            }
            if (over) {
                return statuses;
            }
            rest(batches, Duration.ofNanos(next - System.nanoTime()));
        }
    }

    /** Lets a time pass, and no more once there is nothing to wait for: to see that is cheap, to count reads all rows. */
    private void rest(List<String> batches, Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        do {
            Thread.sleep(LOOK.toMillis());
        } while (System.nanoTime() - until < 0 && end(batches).isEmpty());
    }

    private boolean isAtRest(String batch) {
        return Brakes.stopFile(settings.data()).isPresent()
                || ledger.batches().atRest(batch, Standstill.atThisHour(settings));
    }

    /** Where the batches stand; no time is promised while nothing moves. */
    private ProgressLine line(List<BatchStatus> statuses, long begun) {
        Duration since = Duration.ofNanos(System.nanoTime() - begun);
        long ready = sum(statuses, BatchStatus::ready);
        long settled = sum(statuses, BatchStatus::settled);
        Optional<Pause> pause = pause(statuses);
        return ready == 0 || since.toSeconds() == 0 || settled == 0 || pause.isPresent()
                ? new ProgressLine(statuses, pause, Optional.empty(), Optional.empty())
                : new ProgressLine(
                        statuses,
                        pause,
                        Optional.of(settled / (double) since.toSeconds()),
                        BatchStatus.timeLeft(ready, settings, ledger));
    }

    /** A pause that may stop one of the batches: one of another batch does not. */
    private Optional<Pause> pause(List<BatchStatus> statuses) {
        return ledger.pauses().all().stream()
                .filter(pause -> Pause.batch(pause.scope())
                        .map(batch ->
                                statuses.stream().anyMatch(one -> one.batch().equals(batch)))
                        .orElse(true))
                .findFirst();
    }

    private List<BatchStatus> look(List<String> batches) {
        return batches.stream()
                .flatMap(batch -> BatchStatus.of(batch, settings, ledger).stream())
                .toList();
    }

    private static long sum(List<BatchStatus> statuses, ToLongFunction<BatchStatus> rows) {
        return statuses.stream().mapToLong(rows).sum();
    }
}
