package org.deprovisioner.text;

/** A number with the word for what it counts: {@code 1 device}, {@code 1,200 devices}. */
public final class Counted {

    private Counted() {}

    /** With a word whose plural ends in {@code s}. */
    public static String of(long count, String one) {
        return of(count, one, one + "s");
    }

    /**
     * With words that change in another way.
     *
     * @param one what follows a one, such as {@code row waits}
     * @param many what follows every other number, such as {@code rows wait}
     */
    public static String of(long count, String one, String many) {
        return "%,d %s".formatted(count, count == 1 ? one : many);
    }
}
