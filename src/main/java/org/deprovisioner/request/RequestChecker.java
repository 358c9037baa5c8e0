package org.deprovisioner.request;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deprovisioner.request.Address.Form;

/** Makes a request of a row's cells, or says what is wrong with them; the first flaw that is found decides. */
final class RequestChecker {

    private static final int MAX_REASON_LENGTH = 1_000;
    private static final String FILL_ID = "Fill managedDeviceId with Intune's id of the device.";

    /** The forms that the column {@code address} can name, by their names in lower case. */
    static final Map<String, Form> FORMS_BY_NAME = Map.of(
            "manageddevices", Form.MANAGED_DEVICES, "comanageddevices", Form.COMANAGED_DEVICES, "users", Form.USERS);

    private static final Set<Column> PLACEHOLDERS = EnumSet.noneOf(Column.class);
    /** What the shortest forms need, with the user that Intune's own export names. */
    private static final Set<Column> WITHOUT_SCRIPT = EnumSet.of(Column.MANAGED_DEVICE_ID, Column.USER_ID);

    private static final Set<Column> FINDING = EnumSet.of(Column.MANAGED_DEVICE_ID);
    /** The columns of which one at least must be there for a row to name a device. */
    static final Set<Column> NAMING = EnumSet.noneOf(Column.class);

    static {
        for (Form form : Form.values()) {
            PLACEHOLDERS.addAll(form.placeholders());
        }
        FINDING.addAll(Column.EXPECTED);
        NAMING.addAll(PLACEHOLDERS);
        NAMING.addAll(Column.EXPECTED);
        NAMING.remove(Column.USER_ID);
    }

    private final RequestRules rules;

    RequestChecker(RequestRules rules) {
        this.rules = rules;
    }

    /**
     * Checks a row.
     *
     * @param columns the columns that its cells stand in
     * @param cells one cell for each of the columns, ours too
     */
    Row check(Entry entry, Columns columns, List<String> cells) {
        Map<Column, Value> values = columns.values(cells);
        try {
            columns.check(cells);
            return new Row.Accepted(entry.line(), entry.cells(), request(values, columns));
        } catch (InvalidCellException flaw) {
            return invalid(entry, values, flaw);
        }
    }

    /** The row with this flaw; tenant and key are taken from the values as far as they can be understood. */
    Row.Invalid invalid(Entry entry, Map<Column, Value> values, InvalidCellException flaw) {
        String tenant = legible(values, Column.TENANT)
                .filter(rules.tenants()::contains)
                .or(rules::defaultTenant)
                .orElse("");
        String requestId = legible(values, Column.REQUEST_ID).orElse("");
        return new Row.Invalid(
                entry.line(), entry.cells(), tenant, requestId, flaw.error(), flaw.remedy(), entry.raw());
    }

    private Request request(Map<Column, Value> values, Columns columns) throws InvalidCellException {
        Address address = address(values, columns);
        Expected expected = new Expected(
                expected(values, Column.SERIAL_NUMBER),
                expected(values, Column.DEVICE_NAME),
                expected(values, Column.USER_PRINCIPAL_NAME),
                expected(values, Column.AZURE_AD_DEVICE_ID));
        String reason = reason(values, columns);
        String tenant = tenant(values);
        Optional<Instant> notBefore = value(values, Column.NOT_BEFORE).instant();
        Optional<String> requestId = value(values, Column.REQUEST_ID).line();
        boolean force = value(values, Column.FORCE).truth();
        if (force && requestId.isEmpty()) {
            throw value(values, Column.FORCE)
                    .flaw(
                            "needs a requestId that was never used with force",
                            "Fill requestId with a new key of your own.");
        }
        return new Request(tenant, address, expected, reason, requestId, notBefore, force);
    }

    private Address address(Map<Column, Value> values, Columns columns) throws InvalidCellException {
        Set<Column> filled = filled(values, PLACEHOLDERS);
        Optional<Form> named = named(value(values, Column.ADDRESS));
        boolean byUser = named.filter(Form.USERS::equals).isPresent();
        if (WITHOUT_SCRIPT.containsAll(filled) && !byUser) {
            filled.remove(Column.USER_ID);
        }
        if (filled.isEmpty() && !byUser) {
            return search(named.orElse(Form.MANAGED_DEVICES), values, columns);
        }
        Form form = form(named, filled, values);
        if (!rules.resolve() && !form.placeholders().contains(Column.MANAGED_DEVICE_ID)) {
            throw unseen(filled);
        }
        Map<Column, String> checked = new EnumMap<>(Column.class);
        for (Column column : form.placeholders()) {
            checked.put(column, value(values, column).placeholder());
        }
        return form.with(checked);
    }

    private static Form form(Optional<Form> named, Set<Column> filled, Map<Column, Value> values)
            throws InvalidCellException {
        if (named.filter(Form.USERS::equals).isPresent() && !filled.containsAll(Form.USERS.placeholders())) {
            throw incompleteByUser(filled);
        }
        List<Form> forms = Arrays.stream(Form.values())
                .filter(form -> form.placeholders().equals(filled))
                .toList();
        if (forms.isEmpty()) {
            throw incomplete(filled);
        }
        if (named.isPresent() && !forms.contains(named.get())) {
            throw value(values, Column.ADDRESS)
                    .flaw(
                            "contradicts the filled " + names(filled, ", "),
                            "Leave address empty where the columns tell the form.");
        }
        return named.orElse(forms.get(0));
    }

    private static Optional<Form> named(Value address) throws InvalidCellException {
        Optional<String> name = address.line();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Form> form = Optional.ofNullable(FORMS_BY_NAME.get(name.get().toLowerCase(Locale.ROOT)));
        if (form.isEmpty()) {
            throw address.flaw(
                    "is none of managedDevices, comanagedDevices and users",
                    "Write one of the three, or leave it empty.");
        }
        return form;
    }

    private static InvalidCellException incompleteByUser(Set<Column> filled) {
        Set<Column> missing = EnumSet.copyOf(Form.USERS.placeholders());
        missing.removeAll(filled);
        return new InvalidCellException(
                "column address: 'users' reaches a device by its user and its id, and this row lacks "
                        + names(missing, " and "),
                "Fill %s, or leave address empty.".formatted(names(missing, " and ")));
    }

    private static InvalidCellException incomplete(Set<Column> filled) {
        String missing = Arrays.stream(Form.values())
                .filter(form -> form.placeholders().containsAll(filled))
                .map(form -> EnumSet.copyOf(form.placeholders()))
                .peek(columns -> columns.removeAll(filled))
                .sorted(Comparator.comparingInt(Set::size))
                .map(columns -> names(columns, " and "))
                .distinct()
                .collect(joining(", or "));
        return missing.isEmpty()
                ? new InvalidCellException(
                        "columns %s: together they are none of the forms in which Graph addresses a device"
                                .formatted(names(filled, ", ")),
                        "Fill the columns of one form only; managedDeviceId alone is the usual one.")
                : new InvalidCellException(
                        "columns %s: the form they belong to is only partly filled, it lacks %s"
                                .formatted(names(filled, ", "), missing),
                        "Fill the missing columns too, or none of the form's.");
    }

    /** The address of a row without an id: its device is to be found by what else the row says. */
    private Address search(Form form, Map<Column, Value> values, Columns columns) throws InvalidCellException {
        Set<Column> finding = filled(values, Column.EXPECTED);
        for (Column column : finding) {
            value(values, column).matching();
        }
        Set<Column> blank = EnumSet.copyOf(FINDING);
        blank.retainAll(values.keySet());
        blank.removeAll(finding);
        if (finding.isEmpty()) {
            throw nameless(blank, columns);
        }
        if (!blank.isEmpty() && !finding.contains(Column.SERIAL_NUMBER)) {
            throw new InvalidCellException(
                    "%s %s: a blank cell matches nothing"
                            .formatted(blank.size() == 1 ? "column" : "columns", names(blank, ", ")),
                    FILL_ID + " Or fill serialNumber, or take the blank columns out of the file.");
        }
        if (!rules.resolve()) {
            throw unseen(finding);
        }
        return form.search();
    }

    private static InvalidCellException nameless(Set<Column> blank, Columns columns) {
        return !blank.isEmpty()
                ? new InvalidCellException(
                        blank.size() == 1
                                ? "column %s: it is empty, so no device is named".formatted(names(blank, ""))
                                : "columns %s: they are empty, so no device is named".formatted(names(blank, ", ")),
                        blank.contains(Column.MANAGED_DEVICE_ID)
                                ? FILL_ID
                                : "Fill " + names(blank, " or ") + ", or take the row out.")
                : new InvalidCellException(
                        "column managedDeviceId is missing, and no other one names the device. The columns are: "
                                + Value.shown(String.join(", ", columns.ownNames())),
                        "Add managedDeviceId with Intune's id of the device. Or is it there under another name? Then"
                                + " rename it.");
    }

    private static InvalidCellException unseen(Set<Column> columns) {
        return new InvalidCellException(
                "without a look at the device (deprovision.resolve=false) it cannot be known which one %s name"
                        .formatted(names(columns, " and ")),
                "Fill managedDeviceId instead, or set deprovision.resolve=true.");
    }

    private static Optional<String> expected(Map<Column, Value> values, Column column) throws InvalidCellException {
        Value value = value(values, column);
        return value.filled() ? Optional.of(value.matching()) : Optional.empty();
    }

    private String reason(Map<Column, Value> values, Columns columns) throws InvalidCellException {
        Value value = value(values, Column.DEPROVISION_REASON);
        Optional<String> given = value.line(MAX_REASON_LENGTH);
        if (given.isEmpty() && columns.listing()) {
            throw new InvalidCellException(
                    "column deprovisionReason: it is empty, and in a list of devices (it has the column "
                            + DeviceSheet.LISTED + ") no default fills it",
                    "Fill it if this device is to be deprovisioned; else take the row out.");
        }
        String reason = given.or(rules::defaultReason)
                .orElseThrow(() -> new InvalidCellException(
                        "column deprovisionReason: it is empty, and there is no default",
                        "Fill it, or set deprovision.reason.default."));
        if (!rules.allowedReasons().isEmpty() && !rules.allowedReasons().contains(reason)) {
            throw new Value(Column.DEPROVISION_REASON, reason)
                    .flaw("is not an allowed reason", "Write one of " + listed(rules.allowedReasons()) + ".");
        }
        return reason;
    }

    private String tenant(Map<Column, Value> values) throws InvalidCellException {
        Value value = value(values, Column.TENANT);
        Optional<String> name = value.line();
        if (name.isPresent() && !rules.tenants().contains(name.get())) {
            throw value.flaw("is not a configured tenant", "Write one of " + listed(rules.tenants()) + ".");
        }
        return name.or(rules::defaultTenant)
                .orElseThrow(() -> new InvalidCellException(
                        "column tenant: it is empty, and several tenants are configured",
                        "Write one of " + listed(rules.tenants()) + "."));
    }

    private static Optional<String> legible(Map<Column, Value> values, Column column) {
        try {
            return value(values, column).line();
        } catch (InvalidCellException illegible) {
            return Optional.empty();
        }
    }

    private static Value value(Map<Column, Value> values, Column column) {
        return values.getOrDefault(column, new Value(column, ""));
    }

    private static Set<Column> filled(Map<Column, Value> values, Set<Column> columns) {
        Set<Column> filled = EnumSet.noneOf(Column.class);
        for (Column column : columns) {
            if (value(values, column).filled()) {
                filled.add(column);
            }
        }
        return filled;
    }

    private static String names(Collection<Column> columns, String separator) {
        return columns.stream().map(Column::toString).collect(joining(separator));
    }

    private static String listed(Set<String> names) {
        return String.join(", ", new TreeSet<>(names));
    }
}
