package org.deprovisioner.request;

import java.text.Normalizer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds names of columns that are nearly ours. Such a column would not be read, and with it a check would be off that its
 * sender counts on; to the eye the file would be right.
 *
 * <p>Only letters are compared. A name is near one of ours with eight letters or more when it is the same, or one letter is
 * changed, added, missing or swapped with its neighbour; and near any of ours when it looks the same in letters of another
 * script or with accents.
 */
final class NearNames {

    private static final int FEWEST_LETTERS = 8;

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
        boolean disguised = Column.plain(name).codePoints().anyMatch(c -> c > 0x7f);
        return Column.names().entrySet().stream()
                .filter(ours -> COVERED.contains(ours.getValue()))
                .filter(ours -> (ours.getKey().length() >= FEWEST_LETTERS && isWithinOne(ours.getKey(), letters))
                        || (disguised && ours.getKey().equals(letters)))
                .map(Map.Entry::getValue)
                .findFirst();
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
