package org.deprovisioner.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.RowPages;
import org.deprovisioner.ledger.RowPages.Standing;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;

/** Which rows of a batch are listed: all, those of a part of its bar, or those that ended with one outcome. */
record RowFilter(String key, boolean all, List<Standing> standing) {

    static final String ALL = "all";

    private static final Pattern KEY = Pattern.compile("(\\d{1,3})\\.(\\d{1,18})\\.(\\d{1,18})");

    /** A filter that a reader may choose. */
    record Offered(String key, String label) {}

    /** @throws RefusedException when there is no such filter */
    static RowFilter of(String key) {
        List<Standing> standing = switch (key) {
            case ALL -> List.of();
            case "done" -> ended(OutcomeClass.DONE);
            case "skipped" -> ended(OutcomeClass.SKIPPED);
            case "failed" -> ended(OutcomeClass.FAILED);
            case "unknown" -> ended(OutcomeClass.UNKNOWN);
            case "in-doubt" -> open(State.IN_DOUBT);
            case "held" -> open(State.HELD);
            case "waiting" -> open(State.WAITING, State.AWAITING_APPROVAL);
            case "to-send" -> open(State.SENDING, State.READY, State.RECEIVED);
            default ->
                Arrays.stream(Outcome.values())
                        .filter(outcome -> outcome.word().equals(key))
                        .map(outcome -> new Standing(outcome.state(), Optional.of(outcome)))
                        .toList();
        };
        if (standing.isEmpty() && !key.equals(ALL)) {
            throw new RefusedException(404, "There is no way to choose rows that is called '" + key + "'.");
        }
        return new RowFilter(key, key.equals(ALL), standing);
    }

    /** What there is to choose from in a batch that stands like this. */
    static List<Offered> choices(BatchStatus status) {
        List<Offered> choices = new ArrayList<>();
        choices.add(new Offered(ALL, "all " + Shown.number(status.rows())));
        Bar.parts(status).forEach(part -> choices.add(new Offered(part.kind(), part.number() + " " + part.word())));
        status.outcomes().forEach((word, rows) -> {
            if (choices.stream().noneMatch(choice -> choice.key().equals(word))) {
                choices.add(new Offered(word, Shown.number(rows) + " " + word));
            }
        });
        return choices;
    }

    private static List<Standing> ended(OutcomeClass how) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.outcomeClass() == how)
                .map(outcome -> new Standing(outcome.state(), Optional.of(outcome)))
                .toList();
    }

    private static List<Standing> open(State... states) {
        return Stream.of(states)
                .map(state -> new Standing(state, Optional.empty()))
                .toList();
    }

    /** Behind which row a page begins, as it stands in an address. */
    static RowPages.Key key(String text) {
        Matcher key = KEY.matcher(text);
        return key.matches()
                ? new RowPages.Key(
                        Integer.parseInt(key.group(1)), Long.parseLong(key.group(2)), Long.parseLong(key.group(3)))
                : RowPages.Key.FIRST;
    }

    static String text(RowPages.Key key) {
        return key.part() + "." + key.unit() + "." + key.id();
    }
}
