package org.deprovisioner.request;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A rule that fits devices: a value of one column, in which {@code *} stands for any text. Compared folded, so that it fits
 * whatever a person would take for the same; an id fits in every form in which a request may have it.
 *
 * @param column the column's name, as our documentation writes it
 * @param text the value as it was written
 * @param folded the value as it is compared
 * @param line where it stands in its file, counted from 1; 0 where that is not known any more
 */
public record DeviceRule(String column, String text, String folded, long line) {

    private static final Map<Column, Function<Device, String>> SUBJECTS = new EnumMap<>(Map.of(
            Column.MANAGED_DEVICE_ID, Device::id,
            Column.SERIAL_NUMBER, Device::serialNumber,
            Column.DEVICE_NAME, Device::deviceName,
            Column.USER_PRINCIPAL_NAME, Device::userPrincipalName,
            Column.AZURE_AD_DEVICE_ID, Device::azureADDeviceId));

    private static final Pattern GUID_DIGITS =
            Pattern.compile("([0-9A-F]{8})" + "([0-9A-F]{4})".repeat(3) + "([0-9A-F]{12})");
    private static final Pattern PART_OF_GUID = Pattern.compile("[0-9A-F*-]*");
    private static final Pattern BRACES = Pattern.compile("^[{(](.*)[)}]$");
    private static final Pattern SAYS_SOMETHING = Pattern.compile("[\\p{L}\\p{N}]");
    private static final Pattern AROUND = Pattern.compile("^[ ']+|[ ']+$");
    private static final Pattern LOST_LETTER = Pattern.compile("[?\ufffd]");

    /** A text as it is compared: in capitals, of which ß and ς have but one kind, and without quotes around it. */
    static String folded(String text) {
        return AROUND.matcher(Folding.folded(text).toUpperCase(Locale.ROOT)).replaceAll("");
    }

    /** Whether a column can hold rules. */
    static boolean isAbout(Column column) {
        return SUBJECTS.containsKey(column);
    }

    /** The names of the columns that can hold rules. */
    static String columns() {
        return SUBJECTS.keySet().stream().map(Column::toString).collect(Collectors.joining(", "));
    }

    /** The rule that a filled cell is. */
    static DeviceRule of(Column column, String cell, long line) throws InvalidCellException {
        Value value = new Value(column, cell);
        String folded = folded(cell);
        if (!SAYS_SOMETHING.matcher(folded).find()) {
            throw value.flaw("says nothing of a device", "Write at least a part of the value beside the *.");
        }
        boolean id = column == Column.MANAGED_DEVICE_ID || column == Column.AZURE_AD_DEVICE_ID;
        return new DeviceRule(column.toString(), cell.strip(), id ? id(value, folded) : text(value, folded), line);
    }

    /** A rule that was one before, whatever is taken for one now: none is ever dropped for its form. */
    static DeviceRule ofText(String column, String text) {
        try {
            return of(Column.named(column).orElse(Column.DEVICE_NAME), text, 0);
        } catch (InvalidCellException refusedByNow) {
            return new DeviceRule(column, text, folded(text), 0);
        }
    }

    private static String id(Value value, String folded) throws InvalidCellException {
        String bare = folded(BRACES.matcher(folded).replaceAll("$1"));
        Matcher digits = GUID_DIGITS.matcher(bare.replaceAll("[ -]", ""));
        if (digits.matches()) {
            return digits.replaceAll("$1-$2-$3-$4-$5");
        }
        if (bare.contains("*") && PART_OF_GUID.matcher(bare).matches()) {
            return bare;
        }
        checkUndamaged(value.column(), bare);
        throw value.flaw(
                "is not a whole id (a GUID)", "Write all of it, such as 3fa85f64-5717-4562-b3fc-2c963f66afa6.");
    }

    private static String text(Value value, String folded) throws InvalidCellException {
        if (LOST_LETTER.matcher(folded).find()) {
            throw value.flaw(
                    "has a ? or the like, which programs write in place of a letter that they do not know",
                    "Write the letter itself, and save the file as CSV (UTF-8). Only * stands for any text.");
        }
        if (folded.contains("%")) {
            throw value.flaw("holds a %", "Only * stands for any text.");
        }
        if (folded.startsWith("=")) {
            throw value.flaw("is a formula", "Write the value alone.");
        }
        if (value.column() == Column.USER_PRINCIPAL_NAME && !folded.contains("@") && !folded.contains("*")) {
            throw value.flaw(
                    "is not a user principal name", "Write all of it, such as ada@school.example, or a part with *.");
        }
        checkUndamaged(value.column(), folded);
        return folded;
    }

    /** A spreadsheet's damage is none that a * could mend. */
    private static void checkUndamaged(Column column, String folded) throws InvalidCellException {
        new Value(column == Column.AZURE_AD_DEVICE_ID ? Column.SERIAL_NUMBER : column, folded.replace("*", ""))
                .matching();
    }

    boolean isPattern() {
        return folded.contains("*");
    }

    Pattern pattern() {
        return Pattern.compile(
                Arrays.stream(folded.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    /** What a device says in each column that can hold rules, folded. */
    static Map<String, String> subjects(Device device) {
        return SUBJECTS.entrySet().stream()
                .collect(Collectors.toMap(
                        subject -> subject.getKey().toString(),
                        subject -> folded(subject.getValue().apply(device))));
    }
}
