package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Batches.NotYet;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.State;
import org.deprovisioner.settings.Settings;

/** What the rows of batches wait for that are neither settled nor held, in words below their numbers. */
final class WaitReasons {

    private final List<BatchStatus> standings;
    private final Settings settings;
    private final Ledger ledger;

    WaitReasons(List<BatchStatus> standings, Settings settings, Ledger ledger) {
        this.standings = standings;
        this.settings = settings;
        this.ledger = ledger;
    }

    void print(PrintWriter out) {
        line("waiting", waiting()).forEach(out::println);
        ledger.batches().notYet().forEach(notYet -> out.println(words(notYet)));
        line("to send", toSend()).forEach(out::println);
        long ready = sum(State.RECEIVED, State.READY, State.SENDING);
        if (ready > 0) {
            Settings.Pace pace = settings.pace();
            BatchStatus.timeLeft(ready, settings, ledger)
                    .ifPresent(left -> out.println("That takes at least %s at the quota of %,d in %s (%.1f a second)."
                            .formatted(
                                    Status.plain(left),
                                    pace.writes(),
                                    Status.plain(pace.window()),
                                    pace.writes()
                                            * (double) Duration.ofSeconds(1).toMillis()
                                            / pace.window().toMillis())));
        }
    }

    private Stream<Map.Entry<Long, String>> waiting() {
        return Stream.of(
                Map.entry(sum(State.WAITING), "for another request for the same device, and end with that one"),
                Map.entry(sum(State.AWAITING_APPROVAL), "for Intune's approval"),
                Map.entry(sum(State.IN_DOUBT), "until their devices were read back (in doubt, or being verified)"));
    }

    private Stream<Map.Entry<Long, String>> toSend() {
        return Stream.of(
                Map.entry(sum(State.RECEIVED), "to be looked at and guarded first"),
                Map.entry(sum(State.READY), "ready"),
                Map.entry(sum(State.SENDING), "under way"));
    }

    private static Stream<String> line(String heading, Stream<Map.Entry<Long, String>> parts) {
        List<Map.Entry<Long, String>> some =
                parts.filter(part -> part.getKey() > 0).toList();
        return some.isEmpty()
                ? Stream.of()
                : Stream.of("%,d %s: %s."
                        .formatted(
                                some.stream().mapToLong(Map.Entry::getKey).sum(),
                                heading,
                                some.stream()
                                        .map(part -> "%,d %s".formatted(part.getKey(), part.getValue()))
                                        .collect(Collectors.joining("; "))));
    }

    private static String words(NotYet notYet) {
        return notYet.asked()
                ? "Not yet: %,d of '%s' are not sent before %s and later instants, as their column notBefore asks."
                        .formatted(notYet.rows(), notYet.batch(), PauseScope.utc(notYet.first()))
                : "Not yet: %,d of '%s' failed in passing and are tried again, the first at %s. 'results %s' says why."
                        .formatted(notYet.rows(), notYet.batch(), PauseScope.utc(notYet.first()), notYet.batch());
    }

    private long sum(State... states) {
        return standings.stream().mapToLong(one -> one.progress().in(states)).sum();
    }
}
