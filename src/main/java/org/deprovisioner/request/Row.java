package org.deprovisioner.request;

import java.util.List;

/** One row of a file, or one object of a message: either a request, or what is wrong with it. */
public sealed interface Row {

    /**
     * The line of the file on which the row begins, counted from 1; in a message, and in a JSON array whose elements share
     * lines, the position in the array, from 1.
     */
    long line();

    /** The row's own cells, untouched, in the order of the columns it came with (without those that we added). */
    List<String> cells();

    /** A row that passed every check. */
    record Accepted(long line, List<String> cells, Request request) implements Row {}

    /**
     * A row that cannot become a request: it ends as {@code invalid}.
     *
     * @param tenant the tenant it belongs to, the default tenant when it names none that is known
     * @param requestId the sender's own key, empty when there is none
     * @param error what is wrong: which column, which value, which rule
     * @param remedy what to do about it
     * @param raw the row as it was handed over, character by character
     */
    record Invalid(
            long line, List<String> cells, String tenant, String requestId, String error, String remedy, String raw)
            implements Row {}
}
