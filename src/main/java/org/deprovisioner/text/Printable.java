package org.deprovisioner.text;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Text of others - a device's name, an answer of Graph, a cell of a file - as a terminal, a log or the name of a file may
 * hold it: nothing in it moves the cursor, hides, turns round or ends the line. What would is shown as its escape in JSON,
 * such as {@code \\u202e}; so JSON stays the JSON that it was.
 */
public final class Printable {

    /** Letters by their category, and nothing to be seen all the same. */
    private static final String BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0";

    private Printable() {}

    /** Text that stands on one line: line breaks and tabs are shown as escapes, too. */
    public static String line(String text) {
        return escaped(text, Printable::isUnfit);
    }

    /** Text of one line or many. */
    public static String text(String text) {
        return escaped(text, character -> character != '\n' && character != '\t' && isUnfit(character));
    }

    /** A name for a file; what would be shown as an escape elsewhere is an underscore here. */
    public static String fileName(String name) {
        return name.codePoints()
                .map(character -> isUnfit(character) ? '_' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String escaped(String text, IntPredicate unfit) {
        if (text.codePoints().noneMatch(unfit)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (unfit.test(character)) {
                escape(character, escaped);
            } else {
                escaped.appendCodePoint(character);
            }
        });
        return escaped.toString();
    }

    private static void escape(int character, StringBuilder to) {
        switch (character) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                for (char unit : Character.toChars(character)) {
                    to.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) unit));
                }
            }
        }
    }

    private static boolean isUnfit(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> BLANK_LETTERS.indexOf(character) >= 0;
        };
    }
}
