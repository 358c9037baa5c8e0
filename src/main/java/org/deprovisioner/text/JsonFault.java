package org.deprovisioner.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Locale;
import java.util.Optional;

/** What is wrong with a text that is not JSON, for whoever wrote it: without the parser's advice to programmers. */
public final class JsonFault {

    private JsonFault() {}

    /** In words that go on a sentence: {@code unexpected character '}'}. */
    public static String of(JsonProcessingException broken) {
        if (broken instanceof JsonEOFException) {
            return "it ends before what was begun is closed";
        } else if (broken instanceof StreamConstraintsException) {
            return "it is nested too deep, or has a name, number or text that is too long";
        } else if (broken instanceof MismatchedInputException) {
            return "there is something after its end";
        }
        if (broken.getOriginalMessage().contains("CTRL-CHAR")) {
            return "there is a control character in it, such as a line break within a text";
        }
        String said = broken.getOriginalMessage()
                .replaceFirst("\\(('.') \\(code \\d+[^)]*\\)\\)", "$1")
                .replaceFirst(" \\(code \\d+[^)]*\\)", "")
                .replaceAll("\\[Source: [^;]*; line: (\\d+), column: (\\d+)]", "line $1, column $2")
                .replaceFirst("(?s):? (expected a valid value|was expecting \\(JSON|enable `|maybe a \\().*", "");
        return said.isEmpty() ? "it is damaged" : said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1);
    }

    /** Where it is wrong, to be put behind a sentence: {@code (line 2, column 5)} with a space before; empty where unknown. */
    public static String place(JsonProcessingException broken) {
        return Optional.ofNullable(broken.getLocation())
                .map(at -> " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()))
                .orElse("");
    }
}
