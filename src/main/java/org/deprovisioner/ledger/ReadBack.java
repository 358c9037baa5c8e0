package org.deprovisioner.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.request.Device;
import org.deprovisioner.text.Counted;

/** What a look at the device of a request in doubt means for it. A pure decision; {@link InDoubt} carries it out. */
public final class ReadBack {

    /** How far Graph's clock and ours may be apart. */
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

    private static final String FAILED = "failed";
    private static final String DONE = "done";
    private static final Set<String> SIGNS = Set.of("pending", "active", DONE, FAILED);

    /** One look may err; so many in a row that find the device gone do not. */
    private static final int GONE_FOR_SURE = 2;

    private ReadBack() {}

    /** What a look that Graph answered has shown. */
    public sealed interface Seen {

        /** The device is there. */
        record There(Device device) implements Seen {}

        /** Graph itself says that it has no such device, and showed another one at that moment. */
        record Gone() implements Seen {}

        /** Graph answered, and what it said tells nothing of the device. */
        record Nothing(String words) implements Seen {}
    }

    /**
     * A request in doubt.
     *
     * @param why why nobody knows whether its call was carried out
     * @param since when its first attempt in doubt was begun
     * @param before the device as it was seen before that attempt; empty where devices are not read
     * @param accepted whether Graph took the action, so that it is only verified
     * @param looks how many looks Graph answered before this one
     * @param gone how many of these, in a row up to this one, found the device gone
     * @param cancelled whether its batch was cancelled meanwhile
     * @param attempts its charged attempts
     * @param tried the time since its first attempt, without that in which it was paused, held or throttled
     * @param httpStatus the status of the answer that left it in doubt, 0 when none came
     */
    record Doubt(
            String why,
            Instant since,
            Optional<Device> before,
            boolean accepted,
            int looks,
            int gone,
            boolean cancelled,
            int attempts,
            Duration tried,
            int httpStatus) {}

    /** What becomes of a request in doubt. */
    sealed interface Decision {

        /** It ends. */
        record End(Finding finding) implements Decision {}

        /** It is looked at again after this time. */
        record LookAgain(Duration delay) implements Decision {}

        /** It is sent once more, as {@code deprovision.in-doubt=resend} wants it. */
        record SendAgain() implements Decision {}
    }

    /**
     * The action of ours that a device shows, one that is under way or done before one that failed: begun since the attempt,
     * and not among those that were seen before it.
     *
     * @param before the device as it was seen before the attempt; where it was not, an action that failed must have begun
     *     after the attempt without any slack, for it ends what may have been carried out as not done
     * @param since when the attempt was begun
     */
    static Optional<Device.Action> sign(Device now, Optional<Device> before, Instant since) {
        Set<Instant> known = before.stream()
                .flatMap(device -> device.actions().stream())
                .flatMap(action -> action.started().stream())
                .collect(Collectors.toSet());
        return now.actions().stream()
                .filter(action -> SIGNS.contains(action.state()))
                .filter(action -> action.started()
                        .filter(at -> !known.contains(at) && !at.isBefore(earliest(action, before, since)))
                        .isPresent())
                .min(Comparator.comparing(
                                (Device.Action action) -> action.state().equals(FAILED))
                        .thenComparing(action -> !action.state().equals(DONE)));
    }

    private static Instant earliest(Device.Action action, Optional<Device> before, Instant since) {
        return before.isEmpty() && action.state().equals(FAILED)
                ? since.truncatedTo(ChronoUnit.SECONDS)
                : since.minus(CLOCK_SLACK);
    }

    /** Whether a device shows that an action in doubt was carried out, or is about to be. */
    static Optional<Device.Action> proof(Device now, Optional<Device> before, Instant since) {
        return sign(now, before, since).filter(action -> !action.state().equals(FAILED));
    }

    /** What a look that Graph answered means. */
    static Decision decide(Doubt doubt, Seen seen, ReadBackSchedule patience) {
        Optional<Device.Action> action = seen instanceof Seen.There there
                ? sign(there.device(), doubt.before(), doubt.since())
                : Optional.empty();
        if (action.filter(sign -> sign.state().equals(FAILED)).isPresent()) {
            return end(
                    doubt,
                    Outcome.REJECTED_BY_GRAPH,
                    FAILED,
                    shown(action.get()),
                    "Look at the device in Intune, fix the cause, and drop the dead-letter file again.");
        } else if (action.filter(sign -> !doubt.accepted() || sign.state().equals(DONE))
                .isPresent()) {
            return end(doubt, Outcome.CONFIRMED_BY_READ_BACK, "", shown(action.get()), "Nothing needs to be done.");
        } else if (isGoneForSure(doubt, seen)) {
            return end(
                    doubt,
                    Outcome.CONFIRMED_BY_READ_BACK,
                    "",
                    "It was there before, and is gone: two looks found that Graph no longer has it, while another device"
                            + " could be read.",
                    "Nothing needs to be done.");
        }
        int answered = doubt.looks() + 1;
        return answered < patience.looks().size()
                ? new Decision.LookAgain(patience.looks().get(answered))
                : last(doubt, seen, patience);
    }

    private static boolean isGoneForSure(Doubt doubt, Seen seen) {
        return seen instanceof Seen.Gone && doubt.before().isPresent() && doubt.gone() + 1 >= GONE_FOR_SURE;
    }

    private static Decision last(Doubt doubt, Seen seen, ReadBackSchedule patience) {
        boolean again = patience.resend()
                && !doubt.accepted()
                && !doubt.cancelled()
                && seen instanceof Seen.There
                && doubt.attempts() < patience.maxAttempts()
                && doubt.tried().compareTo(patience.maxAge()) < 0;
        return again
                ? new Decision.SendAgain()
                : unseen(
                        doubt,
                        "%s at it, the last just now: %s"
                                .formatted(Counted.of(doubt.looks() + 1, "look"), words(doubt, seen)));
    }

    /** What it means that a look was not answered: it is repeated, for as long as the request may be tried. */
    static Decision unanswered(Doubt doubt, Duration delay, String why, ReadBackSchedule patience) {
        return doubt.tried().plus(delay).compareTo(patience.maxAge()) < 0
                ? new Decision.LookAgain(delay)
                : unseen(
                        doubt,
                        "It could not be read back within deprovision.retry.max-age, the last time because " + why
                                + ".");
    }

    /** Nothing was to be seen: what Graph took is believed, and all else is for a person to decide. */
    private static Decision unseen(Doubt doubt, String words) {
        return doubt.accepted()
                ? end(doubt, Outcome.DEPROVISIONED, "", "Not verified. " + words, "Look at the device in Intune.")
                : end(
                        doubt,
                        Outcome.UNKNOWN,
                        "",
                        "The device may have been deprovisioned or not. " + words,
                        "Look at the device in Intune. It is not sent again by itself; to send it once more, drop the row"
                                + " with force=true and a new requestId.");
    }

    private static Decision end(Doubt doubt, Outcome outcome, String code, String words, String remedy) {
        return new Decision.End(
                new Finding(outcome, doubt.httpStatus(), code, doubt.why() + " Read back: " + words, remedy));
    }

    /** What a look has shown, in words. */
    static String words(Doubt doubt, Seen seen) {
        if (seen instanceof Seen.There there) {
            return sign(there.device(), doubt.before(), doubt.since())
                    .map(ReadBack::shown)
                    .orElse("Graph shows the device and no deprovision action of this attempt.");
        }
        return seen instanceof Seen.Nothing nothing
                ? nothing.words()
                : "Graph does not find the device, while another one could be read.";
    }

    static String shown(Device.Action action) {
        return "Graph shows a deprovision action in state '%s', begun at %s."
                .formatted(
                        action.state(), action.started().map(Instant::toString).orElse(""));
    }

    /** Why a request in doubt has no outcome yet, in words for its row. */
    static String waits(String why, int looks, ReadBackSchedule patience, Instant next) {
        List<Duration> all = patience.looks();
        return "%s The device is read back: look %d of %d at %s."
                .formatted(why, Math.min(looks + 1, all.size()), all.size(), next.truncatedTo(ChronoUnit.SECONDS));
    }
}
