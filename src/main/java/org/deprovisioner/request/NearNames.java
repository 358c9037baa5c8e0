package org.deprovisioner.request;

import java.text.Normalizer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds names of columns that are nearly ours. Such a column would not be read, and with it a check would be off that its
 * sender counts on; to the eye the file would be right.
 *
 * <p>Only letters are compared. A name is near one of ours with eight letters or more when it is the same, or one letter is
 * changed, added, missing or swapped with its neighbour; and near any of ours when it looks the same in letters of another
 * script, with accents or with ornaments.
 */
final class NearNames {

    private static final int FEWEST_LETTERS = 8;

    /** An {@code ID} with a sign is another's number. */
    private static final int FEWEST_IN_ORNAMENTS = 6;

    /** What lists are delimited by, those that we do not take too. */
    private static final Pattern DELIMITER = Pattern.compile("[,;\\t|\uff0c\uff1b\uff5c\u3001\ufe50\u060c]");

    /** Letters of other scripts and the Latin ones that they look like; capitals apart, for they look like others. */
    private static final Map<Integer, Integer> LOOK_ALIKES = new HashMap<>();

    /** The columns that must never be lost by a slip: they find, reach or check a device, or say why, when and for whom. */
    private static final Set<Column> COVERED =
            EnumSet.complementOf(EnumSet.of(Column.ADDRESS, Column.USER_ID, Column.BATCH, Column.TENANT, Column.FORCE));

    static {
        lookAlike("АВЕЅІЈКМНОРСТУХԚԜ", "ABESIJKMHOPCTYXQW");
        lookAlike("авгеіјкмнорстухѕһӏԁԛԝьбп", "abreijkmhopctyxshldqwbbn");
        lookAlike("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX");
        lookAlike("αβγεηικνορστυχω", "abyenikvopotuxw");
        lookAlike("ıɑɡɩʀѵᴀᴄᴅᴇᴍɴᴏᴘᴛᴜᴠᴢ", "iagirvacdemnoptuvz");
        lookAlike("łđøħŧɪʟꜱʙɢʜᴊᴋʏᴡꜰɛ", "ldohtilsbghjkywfe");
        lookAlike("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "abcdefghijklmnoprstuvwxyz");
        lookAlike("ᎪᏴᏟᎠᎬᏀᎻᏆᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "abcdeghijklmprstvwz");
        lookAlike("օսհոցզ", "ouhngq");
    }

    private NearNames() {}

    private static void lookAlike(String letters, String latin) {
        for (int i = 0; i < letters.length(); i++) {
            LOOK_ALIKES.put((int) letters.charAt(i), (int) latin.charAt(i));
        }
    }

    /** The column that a name is near to, when it is none of ours in full. */
    static Optional<Column> near(String name) {
        if (Column.named(name).isPresent()) {
            return Optional.empty();
        }
        String letters = letters(latin(name));
        String undecorated = letters(latin(undecorated(name)));
        boolean disguised = Column.plain(name).codePoints().anyMatch(c -> c > 0x7f);
        return Column.names().entrySet().stream()
                .filter(ours -> COVERED.contains(ours.getValue()))
                .filter(ours -> isNear(ours.getKey(), letters, disguised)
                        || isNear(
                                ours.getKey(),
                                undecorated,
                                undecorated.length() >= FEWEST_IN_ORNAMENTS && !undecorated.equals(letters)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isNear(String ours, String letters, boolean disguised) {
        return (ours.length() >= FEWEST_LETTERS && isWithinOne(ours, letters))
                || (disguised && (ours.equals(letters) || isLegible(ours, letters)));
    }

    /** The column that one of several names is or is near to, where other delimiters than the list's left them in one. */
    static Optional<Column> amongSeveral(String names) {
        return Column.named(names).isEmpty() && DELIMITER.matcher(names).find()
                ? DELIMITER
                        .splitAsStream(names)
                        .flatMap(name -> Column.named(name).filter(COVERED::contains).or(() -> near(name)).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** The name without signs that are letters or digits only in another form, such as \u2122, \u2116 and \u2161. */
    private static String undecorated(String name) {
        StringBuilder plain = new StringBuilder();
        name.codePoints().filter(c -> !isOrnament(c)).forEach(plain::appendCodePoint);
        return plain.toString();
    }

    private static boolean isOrnament(int c) {
        return switch (Character.getType(c)) {
            case Character.OTHER_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.MODIFIER_LETTER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> true;
            default -> c == '\u00aa' || c == '\u00ba';
        };
    }

    /** Whether a name is ours to the eye: half of its letters at least, and in place of the others ones that are not Latin. */
    private static boolean isLegible(String ours, String letters) {
        if (ours.length() != letters.length()) {
            return false;
        }
        int same = 0;
        for (int i = 0; i < ours.length(); i++) {
            if (ours.charAt(i) == letters.charAt(i)) {
                same++;
            } else if (letters.charAt(i) <= 0x7f) {
                return false;
            }
        }
        return 2 * same >= ours.length();
    }

    private static String letters(String name) {
        StringBuilder letters = new StringBuilder();
        Column.plain(name).codePoints().filter(Character::isLetter).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    /** The name without accents, in Latin letters as far as it looks like them. */
    private static String latin(String name) {
        StringBuilder latin = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(c -> latin.appendCodePoint(LOOK_ALIKES.getOrDefault(c, c)));
        return latin.toString();
    }

    /** Whether two names are the same but for one letter that is changed, added, missing or swapped with its neighbour. */
    private static boolean isWithinOne(String one, String other) {
        int start = 0;
        int shorter = Math.min(one.length(), other.length());
        while (start < shorter && one.charAt(start) == other.charAt(start)) {
            start++;
        }
        String rest = one.substring(start);
        String otherRest = other.substring(start);
        return rest.equals(otherRest)
                || skip(rest, 1).equals(skip(otherRest, 1))
                || rest.equals(skip(otherRest, 1))
                || skip(rest, 1).equals(otherRest)
                || isSwapped(rest, otherRest);
    }

    private static boolean isSwapped(String one, String other) {
        return one.length() > 1
                && other.length() > 1
                && one.charAt(0) == other.charAt(1)
                && one.charAt(1) == other.charAt(0)
                && skip(one, 2).equals(skip(other, 2));
    }

    private static String skip(String text, int letters) {
        return text.substring(Math.min(letters, text.length()));
    }
}
