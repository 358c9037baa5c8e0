package org.deprovisioner.listing;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.token.TokenException;

/** How the devices of a tenant were listed, counted while they are read. */
public final class Tally {

    private final Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
    private long listed;
    private long repeated;
    private long unreadable;
    private long pagesWithNothingNew;
    private Optional<Cut> cut = Optional.empty();

    /**
     * Why the list was not read to its end.
     *
     * @param why what happened, as a sentence without its full stop
     * @param remedy what to do, as a sentence
     */
    public record Cut(Kind kind, String why, String remedy) {}

    /** What kept a list from being read to its end. */
    public enum Kind {
        /** Graph cannot be reached, or does not answer as it should. */
        UNREACHABLE,
        /** The sign-in or its permissions are at fault. */
        REFUSED,
        /** The list itself is at fault. */
        UNUSABLE
    }

    void listed() {
        listed++;
    }

    void leftOut(LeftOut why) {
        leftOut.merge(why, 1L, Long::sum);
    }

    void repeated() {
        repeated++;
    }

    void unreadable(long elements) {
        unreadable += elements;
    }

    void pageWithNothingNew() {
        pagesWithNothingNew++;
    }

    /** No token is to be had. */
    public void cut(TokenException refused) {
        cut(new Cut(
                refused.isUnreachable() ? Kind.UNREACHABLE : Kind.REFUSED,
                String.valueOf(refused.getMessage()),
                refused.remedy()));
    }

    void cut(Cut why) {
        cut = Optional.of(why);
    }

    /** How many different devices were read. */
    public long read() {
        return listed + leftOut.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of them pass the filters. */
    public long passed() {
        return listed;
    }

    /** How many do not, each counted by the first that it does not pass. */
    public Map<LeftOut, Long> leftOut() {
        return Map.copyOf(leftOut);
    }

    /** How many came more than once; they are listed once. */
    public long twice() {
        return repeated;
    }

    /** How many elements of the list are no devices that can be understood. */
    public long unreadable() {
        return unreadable;
    }

    /** How many pages held nothing but devices that had come before: others may be missing in their place. */
    public long pagesOfOldDevices() {
        return pagesWithNothingNew;
    }

    /** Why the list was not read to its end; empty when it was. */
    public Optional<Cut> cut() {
        return cut;
    }

    /** Whether all devices of the tenant were seen, as far as can be known. */
    public boolean isWhole() {
        return cut.isEmpty() && unreadable == 0 && pagesWithNothingNew == 0;
    }
}
