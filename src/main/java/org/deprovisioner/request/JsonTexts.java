package org.deprovisioner.request;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Cuts a file of JSON into the texts of its objects, each still to be parsed. */
interface JsonTexts extends Closeable {

    /** A longer object is flawed, and what is left of it is cut off. */
    int MAX_LENGTH = 1 << 16;

    /**
     * The next text, empty at the end.
     *
     * @throws UnusableFileException when the file is no JSON, so that nobody can tell where an object ends
     */
    Optional<RawRow> next() throws IOException, UnusableFileException;

    /** What was skipped so far between the texts. */
    default Skipped skipped() {
        return Skipped.NOTHING;
    }

    /** Why a text that is too long cannot be read. */
    static Optional<InvalidCellException> tooLong(boolean longer) {
        return longer
                ? Optional.of(new InvalidCellException(
                        "the object is longer than %d characters; what is left of it is cut off".formatted(MAX_LENGTH),
                        "Shorten it, or look for a missing brace or quote."))
                : Optional.empty();
    }
}
