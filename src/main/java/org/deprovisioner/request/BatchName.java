package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a batch may be called, and which names a person, a folder or a file of approval could take for each other: those
 * that differ in case, in Unicode normal form, in what nobody sees, or in a {@code .txt}, a dot or a space at their end.
 */
public final class BatchName {

    private static final int LONGEST_IN_BYTES = 200;
    private static final Pattern IN_MESSAGES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(CON|PRN|AUX|NUL|(?:COM|LPT)[\\d\u00b9\u00b2\u00b3]) *(\\..*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}]");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern END = Pattern.compile("(\\.txt|[. ])+$");
    private static final Pattern NOT_FOR_A_NAME = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\ufffd/\\\\]");
    private static final Pattern LIKE_AN_OPTION_OR_HIDDEN = Pattern.compile("^[-.]");

    private BatchName() {}

    /** Whether a message may name a batch so. */
    public static boolean isForMessages(String name) {
        return IN_MESSAGES.matcher(name).matches();
    }

    /** Whether no batch may be called so: a device of Windows, {@code null}, or a name that ends in {@code .txt}. */
    public static boolean isForbidden(String name) {
        return WINDOWS_DEVICE.matcher(name).matches() || name.equals("null") || isLikeAFileOfApproval(name);
    }

    private static boolean isLikeAFileOfApproval(String name) {
        return key(name).length() < folded(name).replaceAll("[. ]+$", "").length();
    }

    /** What a file is to be called, without its extension, so that its batch, a log and every folder can hold it. */
    public static String of(String base) {
        String name = NOT_FOR_A_NAME
                .matcher(Normalizer.normalize(base, Normalizer.Form.NFC))
                .replaceAll("_")
                .strip();
        name = LIKE_AN_OPTION_OR_HIDDEN.matcher(name).replaceAll("_");
        while (name.getBytes(UTF_8).length > LONGEST_IN_BYTES) {
            name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
        }
        return name.isEmpty() ? "file" : name;
    }

    /** The name with a number, for where it is taken or may not be; the first is the name itself. */
    public static String numbered(String name, int number) {
        if (number == 1) {
            return name;
        }
        Matcher device = WINDOWS_DEVICE.matcher(name);
        // Windows looks at what stands before the first dot
        return device.matches() ? device.group(1) + "-" + number + name.substring(device.end(1)) : name + "-" + number;
    }

    /** The same for all names that could be taken for each other. */
    public static String key(String name) {
        String folded = folded(name);
        String key = END.matcher(folded).replaceAll("");
        return key.isEmpty() ? folded : key;
    }

    /** The name as it is compared where its end counts: without case, normal form, and what nobody sees. */
    public static String folded(String name) {
        String seen =
                UNSEEN.matcher(Normalizer.normalize(name, Normalizer.Form.NFKC)).replaceAll("");
        String oneCase = seen.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return SPACE.matcher(Normalizer.normalize(oneCase, Normalizer.Form.NFKC))
                .replaceAll(" ")
                .strip();
    }
}
