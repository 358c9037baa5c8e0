package org.deprovisioner.request;

import java.text.Normalizer;
import java.util.Locale;

/** Makes texts alike that differ only in how they were typed, so that they can be compared. */
public final class Folding {

    private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u2043\ufe58\ufe63\uff0d";

    /** Quotes beside those that Unicode calls initial or final: straight, low, prime and accent ones. */
    private static final String QUOTES =
            "\"'`\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02ca\u02cb\u02dd\u02ee\u201a\u201e\u2032"
                    + "\u2033\u2034\u2035\u2036\u2037\u275b\u275c\u275d\u275e\u276e\u276f\u300c\u300d\u300e\u300f\u301d\u301e\u301f"
                    + "\uff02\uff07\uff40\uff62\uff63\ufe41\ufe42\ufe43\ufe44";

    /** What shows nothing although Unicode calls it a letter, a mark or a symbol. */
    private static final String BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0";

    private Folding() {}

    /**
     * The widest comparison: Unicode normal form NFKC, without case ({@code stra\u00dfe} is {@code STRASSE}), invisible
     * characters and surrounding space; any run of spaces is one, any dash {@code -}, any quote {@code '}.
     */
    public static String folded(String text) {
        // unified before and after: NFKC makes a space and a mark of an acute accent, and a plain space of others
        String unified = unified(text);
        return isAscii(unified)
                ? caseless(unified)
                : Normalizer.normalize(
                        caseless(unified(Normalizer.normalize(unified, Normalizer.Form.NFKC))), Normalizer.Form.NFKC);
    }

    /** Unicode normal form NFC without case and surrounding space of any kind: how a row is compared with Graph. */
    public static String plain(String text) {
        String stripped = strip(text);
        return isAscii(stripped)
                ? stripped.toLowerCase(Locale.ROOT)
                : composed(composed(stripped).toLowerCase(Locale.ROOT));
    }

    /** The text in Unicode normal form NFC. */
    public static String composed(String text) {
        return isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** The text without space of any kind around it. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Whether a character shows nothing and takes no room: a byte order mark, a joiner, a variation selector and so on. */
    static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> !Character.isWhitespace(c);
            case Character.FORMAT -> true;
            default -> (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff) || BLANKS.indexOf(c) >= 0;
        };
    }

    private static boolean isQuote(int c) {
        return switch (Character.getType(c)) {
            case Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION -> true;
            default -> QUOTES.indexOf(c) >= 0;
        };
    }

    private static boolean isDash(int c) {
        return Character.getType(c) == Character.DASH_PUNCTUATION || DASHES.indexOf(c) >= 0;
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** By way of the capitals, in which ß is SS and ς is Σ. */
    private static String caseless(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static String unified(String text) {
        StringBuilder unified = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isSpace(c)) {
                if (unified.length() > 0 && unified.charAt(unified.length() - 1) != ' ') {
                    unified.append(' ');
                }
            } else if (isDash(c)) {
                unified.append('-');
            } else if (isQuote(c)) {
                unified.append('\'');
            } else if (!isInvisible(c)) {
                unified.appendCodePoint(c);
            }
        });
        return unified.toString().stripTrailing();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
