package org.deprovisioner.request;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text without what people do not see or do not mean when they take two texts for the same: its normal form (NFKC), case
 * ({@code ß} is {@code ss}), what is invisible, which of the many spaces, dashes or quotes was typed, and space and quotes
 * around it.
 */
public final class FoldedText {

    // several of these are taken apart by NFKC: they have to go before it
    private static final Pattern QUOTES = Pattern.compile(
            "['\"`\u00b4\u02b9-\u02bd\u02c8\u02ca\u02cb\u02dd\u02ee\u05f3\u05f4\u2032-\u2037\u301d-\u301f"
                    + "\ua78b\ua78c\uff02\uff07\uff40\u275b-\u275f\\p{Pi}\\p{Pf}\u201a\u201e]+");
    private static final Pattern INVISIBLE = Pattern.compile(
            "[\\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\\x{e0100}-\\x{e01ef}"
                    + "[\\p{Cc}&&[^\\s\u0085]]]");
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\u0085\u2800]+");
    private static final Pattern DASHES = Pattern.compile("[\\p{Pd}\u02d7\u06d4\u2043\u207b\u208b\u2212\u2796\u2cba]");
    private static final Pattern AROUND = Pattern.compile("^[ ']+|[ ']+$");

    private FoldedText() {}

    /** The folded form of a text: equal for texts that a person takes for the same. */
    public static String of(String text) {
        String plain = isPlain(text) ? text : unified(text);
        return AROUND.matcher(SPACES.matcher(
                                QUOTES.matcher(plain.toUpperCase(Locale.ROOT)).replaceAll("'"))
                        .replaceAll(" "))
                .replaceAll("");
    }

    private static String unified(String text) {
        String unquoted = QUOTES.matcher(text).replaceAll("'");
        String normal = Normalizer.normalize(unquoted, Normalizer.Form.NFKC);
        String seen = INVISIBLE.matcher(normal).replaceAll("");
        String dashed = DASHES.matcher(seen).replaceAll("-");
        // small letters first: the capital sharp s has no other way to SS
        String cased = dashed.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(cased, Normalizer.Form.NFKC);
    }

    /** Most names and serial numbers are: printable ASCII needs no unifying. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
