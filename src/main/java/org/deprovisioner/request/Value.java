package org.deprovisioner.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cell of a known column: it reads itself, or says what is wrong with it. */
record Value(Column column, String text) {

    private static final String NO_USER = "None";
    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";

    private static final int MAX_LENGTH = 256;
    private static final int MAX_SHOWN = 60;
    private static final int MAX_YEAR = 9999;

    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern RUN_STATE = Pattern.compile(GUID + "(:" + GUID + ")?");
    /** The characters that Entra ID allows in a user principal name. */
    private static final Pattern USER_PRINCIPAL_NAME =
            Pattern.compile("[A-Za-z0-9'.!#^~_-]{1,64}@[A-Za-z0-9.-]{1,255}");

    private static final Pattern SPREADSHEET_ERROR = Pattern.compile(
            "#(N/A|NV|(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|BEZUG|WERT|ZAHL)!|NAME\\?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ROUNDED_NUMBER =
            Pattern.compile("[+-]?\\d([.,]\\d+)?E[+-]\\d+", Pattern.CASE_INSENSITIVE);

    /** Whether the cell says anything: what Intune writes in place of no user and no Entra id does not. */
    boolean filled() {
        return switch (column) {
            case USER_PRINCIPAL_NAME -> !text.isEmpty() && !NO_USER.equalsIgnoreCase(Folding.strip(text));
            case AZURE_AD_DEVICE_ID -> !text.isEmpty() && !NO_ID.equals(unbraced());
            default -> !text.isEmpty();
        };
    }

    /** Whether a text begins with what a spreadsheet shows in place of a value that it could not work out. */
    static Optional<String> spreadsheetError(String text) {
        Matcher error = SPREADSHEET_ERROR.matcher(text);
        return error.lookingAt() ? Optional.of(error.group()) : Optional.empty();
    }

    /** The value as a placeholder of a URL form; ids in lower case and without braces. */
    String placeholder() throws InvalidCellException {
        return switch (column) {
            case USER_ID -> userId();
            case DEVICE_HEALTH_SCRIPT_DEVICE_STATE_ID,
                    DEVICE_MANAGEMENT_SCRIPT_DEVICE_STATE_ID,
                    DEVICE_COMPLIANCE_SCRIPT_DEVICE_STATE_ID ->
                id(RUN_STATE, "a run state's id (a GUID, or two joined by a colon)");
            default -> guid();
        };
    }

    /** The value as something that Graph's answer is compared with: never blank, a wildcard or a spreadsheet's damage. */
    String matching() throws InvalidCellException {
        return column == Column.AZURE_AD_DEVICE_ID ? guid() : undamaged();
    }

    /** The value as a text on one line in Unicode normal form NFC, without surrounding space; empty when blank. */
    Optional<String> line() throws InvalidCellException {
        return line(MAX_LENGTH);
    }

    Optional<String> line(int maxLength) throws InvalidCellException {
        String line = Folding.composed(Folding.strip(text));
        if (line.length() > maxLength) {
            throw flaw("is longer than %d characters".formatted(maxLength), "Shorten it.");
        }
        if (hasInvisible(line)) {
            throw flaw("has characters that cannot be seen", "Type it again instead of pasting it.");
        }
        return line.isEmpty() ? Optional.empty() : Optional.of(line);
    }

    Optional<Instant> instant() throws InvalidCellException {
        Optional<String> line = line();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(line.get());
            if (time.getYear() >= 0 && time.getYear() <= MAX_YEAR) {
                return Optional.of(time.toInstant());
            }
        } catch (DateTimeException notIso) {
            // said below
        }
        throw flaw(
                "is not a date and time in ISO-8601 form",
                "Write it like 2027-01-31T08:00:00Z or 2027-01-31T09:00:00+01:00.");
    }

    boolean truth() throws InvalidCellException {
        return switch (line().orElse("false").toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw flaw("is neither true nor false", "Write true or false, or leave it empty.");
        };
    }

    /** Whether two cells say the same: the same id however it is written, otherwise the same text but for space around. */
    boolean agrees(Value other) {
        String id = unbraced();
        return RUN_STATE.matcher(id).matches()
                ? id.equalsIgnoreCase(other.unbraced())
                : Folding.composed(Folding.strip(text)).equals(Folding.composed(Folding.strip(other.text)));
    }

    InvalidCellException flaw(String rule, String remedy) {
        return new InvalidCellException("column %s: '%s' %s".formatted(column, shown(text), rule), remedy);
    }

    /** A text of any length and content in a form fit for a message: shortened, with unseen characters as escapes. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN).forEach(c -> {
            if (isInvisible(c)) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > MAX_SHOWN ? shown + "…" : shown.toString();
    }

    private String guid() throws InvalidCellException {
        return id(GUID, column == Column.MANAGED_DEVICE_ID ? "a device id (a GUID)" : "a GUID");
    }

    private String id(Pattern form, String kind) throws InvalidCellException {
        String id = unbraced();
        if (form.matcher(id).matches()) {
            return id.toLowerCase(Locale.ROOT);
        }
        undamaged();
        throw flaw("is not " + kind, "Correct it; ids look like 3fa85f64-5717-4562-b3fc-2c963f66afa6.");
    }

    private String userId() throws InvalidCellException {
        String name = Folding.strip(text);
        return USER_PRINCIPAL_NAME.matcher(name).matches()
                ? name
                : id(GUID, "a user's id (a GUID) or user principal name");
    }

    private String undamaged() throws InvalidCellException {
        if (Folding.strip(text).isEmpty()) {
            throw flaw("is blank, and a blank matches nothing", "Fill it, or leave the cell completely empty.");
        }
        String value = line().orElseThrow();
        if (value.contains("*") || value.contains("%")) {
            throw flaw("holds a wildcard, and wildcards never select devices", "Write the whole value.");
        }
        if (ROUNDED_NUMBER.matcher(value).matches()) {
            throw flaw(
                    "is a number that a spreadsheet has rounded",
                    "Copy the value from its source again, and import the column as text.");
        }
        if (spreadsheetError(value).filter(value::equals).isPresent()
                || value.replace("#", "").isEmpty()) {
            throw flaw("is a spreadsheet's error, not a value", "Copy the value from its source again.");
        }
        return value;
    }

    private String unbraced() {
        String id = Folding.strip(text);
        return id.startsWith("{") && id.endsWith("}") ? id.substring(1, id.length() - 1) : id;
    }

    private static boolean hasInvisible(String line) {
        for (int i = 0; i < line.length(); i = line.offsetByCodePoints(i, 1)) {
            if (isInvisible(line.codePointAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> c == '\ufffd';
        };
    }
}
