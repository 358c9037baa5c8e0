package org.deprovisioner.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.ledger.ProtectedLists.KeptList;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.DeviceList;
import org.deprovisioner.request.DeviceRule;
import org.deprovisioner.request.DeviceRules;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.text.Counted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that are never acted on, from the file of {@code deprovision.guard.protected}. The file is looked at each time
 * and read when it has changed. A list that has lost rules, or whose last line has no end, may still be being written: until
 * it has stood still for a minute the rules of before hold too, also across a restart. What cannot be a rule, or a file that
 * cannot be read, stops every call.
 */
public final class ProtectedDevices {

    private static final Logger LOG = LoggerFactory.getLogger(ProtectedDevices.class);

    private static final Duration STILL = Duration.ofMinutes(1);

    /** Within this time a file may change once more and bear the same time: file systems tell times that coarsely. */
    private static final Duration SAME_TIME = Duration.ofSeconds(2);

    private final Path file;
    private final ProtectedLists known;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final OtherLists others;
    private State state;

    /**
     * @param known what held of the list before this start
     * @param nanoTime tells how much time has passed, whatever becomes of the clock
     */
    public ProtectedDevices(Path file, ProtectedLists known, Clock clock, LongSupplier nanoTime) {
        this.file = file;
        this.known = known;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.others = new OtherLists(known, nanoTime);
        state = new State(
                Optional.empty(),
                Optional.empty(),
                known.of(file).map(KeptList::rules).map(DeviceRules::ofTexts),
                0,
                "",
                "");
    }

    /** What tells one version of a file from the next. */
    private record Version(FileTime modified, long size, String key) {

        static Version of(BasicFileAttributes file) {
            return new Version(file.lastModifiedTime(), file.size(), String.valueOf(file.fileKey()));
        }
    }

    /**
     * What is known.
     *
     * @param version of the file that was read; empty when it has to be read once more
     * @param list what the file says; empty while it cannot be used
     * @param rules those that hold; empty before the list was ever known
     * @param since when the list was first seen as it is, by the steady clock
     * @param waiting why rules hold that do not stand in the file; empty when none do
     * @param broken why nothing may be sent; empty when something may
     */
    private record State(
            Optional<Version> version,
            Optional<DeviceList> list,
            Optional<DeviceRules> rules,
            long since,
            String waiting,
            String broken) {

        State at(Optional<Version> certain) {
            return new State(certain, list, rules, since, waiting, broken);
        }

        /** A file that cannot be used takes no rule away. */
        State broken(Optional<Version> certain, String why) {
            return new State(certain, Optional.empty(), rules, since, waiting, why);
        }

        State broken(String why) {
            return new State(version, list, rules, since, waiting, why);
        }

        Optional<KeptList> known() {
            return rules.map(hold -> new KeptList(hold.texts(), waiting));
        }
    }

    /** Why the list cannot be trusted now, so that nothing may be sent; empty when it can. */
    public Optional<String> broken() {
        return Optional.of(current().broken).filter(why -> !why.isEmpty());
    }

    /** Why rules hold that do not stand in the file; empty when none do. */
    Optional<String> waiting() {
        return Optional.of(current().waiting).filter(why -> !why.isEmpty());
    }

    /** Looks at the list before there is anything to protect: what is wrong with it stands in the log at once. */
    public void sayAtTheStart() {
        current();
    }

    /** How a request ends whose device is protected; empty when it is not. */
    public Optional<Finding> refuse(Device device) {
        return current().rules.stream()
                .flatMap(rules -> rules.fitting(device).stream())
                .findFirst()
                .map(rule -> Finding.of(
                        Outcome.REFUSED_BY_GUARD,
                        "The device is protected: " + rule.column() + " '" + rule.text() + "' stands in "
                                + file.getFileName() + ".",
                        "If it is to be deprovisioned all the same, take it off the list and drop the row again."))
                .or(() -> others.refuse(device));
    }

    /**
     * Why a list stops every call, as {@link #broken} says it; empty when it can be used as it stands.
     *
     * @param file the list
     */
    public static Optional<String> flaw(Path file) {
        try {
            return flaw(file, DeviceList.read(file));
        } catch (IOException | UnusableFileException unreadable) {
            return Optional.of(unusable(file, reason(unreadable)));
        }
    }

    private static Optional<String> flaw(Path file, DeviceList list) {
        return list.flaws().isEmpty()
                ? Optional.empty()
                : Optional.of(unusable(
                        file,
                        list.flaws().get(0)
                                + (list.flaws().size() > 1
                                        ? " (and %s; 'deprovision doctor' names them)"
                                                .formatted(
                                                        Counted.of(list.flaws().size() - 1, "more line"))
                                        : "")));
    }

    private static String unusable(Path file, String why) {
        return "The list of protected devices " + file + " cannot be used, so nothing is sent: " + why
                + " Fix the file; one with nothing but its header protects no device.";
    }

    private static String reason(Exception unreadable) {
        return unreadable instanceof NoSuchFileException ? "it is not there." : String.valueOf(unreadable.getMessage());
    }

    private synchronized State current() {
        State before = state;
        state = look();
        if (!state.rules.equals(before.rules)
                || !state.waiting.equals(before.waiting)
                || !state.broken.equals(before.broken)) {
            tell(before, state);
        }
        return state;
    }

    private State look() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Optional<Version> version = Optional.of(Version.of(now));
            if (version.equals(state.version)) {
                return state.list
                        .filter(list -> !(state.waiting + state.broken).isEmpty() && hasStoodStill(state.since))
                        .map(list -> settled(list, state))
                        .orElse(state);
            }
            Optional<Version> certain = version.filter(one -> age(now).abs().compareTo(SAME_TIME) >= 0);
            DeviceList list = DeviceList.read(file);
            return flaw(file, list)
                    .map(why -> state.broken(certain, why))
                    .orElseGet(() -> taken(list, now).at(certain));
        } catch (IOException | UnusableFileException unreadable) {
            return state.broken(Optional.empty(), unusable(file, reason(unreadable)));
        }
    }

    private State taken(DeviceList list, BasicFileAttributes now) {
        if (state.list.filter(read -> read.saysTheSame(list)).isPresent()) {
            return hasStoodStill(state.since) ? settled(list, state) : state;
        }
        long since = nanoTime.getAsLong() - stoodStillBeforeTheStart(now).toNanos();
        List<DeviceRule> lost =
                state.rules.map(rules -> rules.without(list.rules())).orElse(List.of());
        State found = new State(Optional.empty(), Optional.of(list), state.rules, since, "", "");
        if ((lost.isEmpty() && list.ended()) || hasStoodStill(since)) {
            return settled(list, found);
        }
        String why = "The list of protected devices " + file + " "
                + (lost.isEmpty() ? "ends in the middle of a line" : "has become shorter: " + shown(lost))
                + ", so it may still be being written. ";
        return state.rules
                .map(rules -> new State(
                        Optional.empty(),
                        Optional.of(list),
                        Optional.of(list.rules().and(rules)),
                        since,
                        why + "The earlier rules hold too until it has stood still for a minute.",
                        ""))
                .orElseGet(() -> found.broken(
                        why + "Nothing is sent before it has stood still for a minute, or its last line has an end."));
    }

    private static String shown(List<DeviceRule> lost) {
        DeviceRule one = lost.get(0);
        return "%s '%s'%s"
                .formatted(
                        one.column(),
                        one.text(),
                        lost.size() == 1
                                ? " is missing"
                                : " and "
                                        + Counted.of(
                                                lost.size() - 1, "more rule is missing", "more rules are missing"));
    }

    private static State settled(DeviceList list, State found) {
        return new State(found.version, Optional.of(list), Optional.of(list.rules()), found.since, "", "");
    }

    private boolean hasStoodStill(long since) {
        return nanoTime.getAsLong() - since >= STILL.toNanos();
    }

    /** Only at the first look is a file's own time believed: a copy may well bring an old one along. */
    private Duration stoodStillBeforeTheStart(BasicFileAttributes now) {
        Duration age = age(now);
        boolean firstLook = state.list.isEmpty() && state.broken.isEmpty();
        return firstLook && !age.isNegative() ? (age.compareTo(STILL) < 0 ? age : STILL) : Duration.ZERO;
    }

    private Duration age(BasicFileAttributes now) {
        return Duration.between(now.lastModifiedTime().toInstant(), clock.instant());
    }

    private void tell(State before, State now) {
        if (!now.broken.isEmpty() && !now.broken.equals(before.broken)) {
            LOG.error("{}", now.broken);
        } else if (!now.waiting.isEmpty() && !now.waiting.equals(before.waiting)) {
            LOG.warn("{}", now.waiting);
        } else if ((now.waiting + now.broken).isEmpty() && !(before.waiting + before.broken).isEmpty()) {
            LOG.info(
                    "The list of protected devices {} holds as it stands now, with {}.",
                    file,
                    Counted.of(now.rules.map(rules -> rules.all().size()).orElse(0), "rule"));
        }
        Optional<KeptList> holds = now.known();
        if (!holds.equals(before.known())) {
            holds.ifPresent(kept -> known.keep(file, kept));
        }
    }
}
