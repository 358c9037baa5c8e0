package org.deprovisioner.request;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds columns that bear a name of ours and something else in every row, as the lists of asset managers have them: a street
 * as {@code Address}, a domain as {@code Tenant}, a number as {@code ID}. The file is told so once; else each row would be.
 */
final class ForeignColumns {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");

    private final RequestRules rules;
    /** The columns in which nothing of ours was seen yet. */
    private final Set<Column> open = EnumSet.noneOf(Column.class);

    private final Map<Column, String> examples = new EnumMap<>(Column.class);

    ForeignColumns(RequestRules rules, Columns columns) {
        this.rules = rules;
        for (String name : columns.ownNames()) {
            columns.meaning(name)
                    .filter(column -> switch (column) {
                        case ADDRESS, TENANT -> true;
                        case MANAGED_DEVICE_ID -> Column.plain(name).equals("id") && columns.findWithoutId();
                        default -> false;
                    })
                    .ifPresent(open::add);
        }
    }

    /** Whether further rows can change nothing. */
    boolean isDecided() {
        return open.isEmpty();
    }

    void look(Map<Column, Value> row) {
        open.removeIf(column -> {
            Value value = row.getOrDefault(column, new Value(column, ""));
            String text = Folding.strip(value.text());
            if (text.isEmpty()) {
                return false;
            }
            examples.putIfAbsent(column, text);
            return isOurs(column, text);
        });
    }

    private boolean isOurs(Column column, String text) {
        return switch (column) {
            case ADDRESS -> RequestChecker.FORMS_BY_NAME.containsKey(text.toLowerCase(Locale.ROOT));
            case TENANT -> rules.tenants().contains(text);
            default -> !NUMBER.matcher(text).matches();
        };
    }

    /** Why the file cannot be taken, once all rows were looked at. */
    Optional<String> refusal(Columns columns) {
        return open.stream()
                .filter(examples::containsKey)
                .findFirst()
                .map(column ->
                        "The column %s would be read as %s, and no row has such a value: '%s', for example, is %s. %s"
                                .formatted(
                                        name(column, columns),
                                        column,
                                        Value.shown(examples.getOrDefault(column, "")),
                                        switch (column) {
                                            case ADDRESS -> "no form of an address in Graph";
                                            case TENANT -> "no configured tenant";
                                            default -> "no device id (a GUID)";
                                        },
                                        "If it is something else, rename it or name it in deprovision.columns.carried; if not,"
                                                + " correct it."));
    }

    private static String name(Column column, Columns columns) {
        List<String> names = columns.ownNames().stream()
                .filter(name -> columns.meaning(name).filter(column::equals).isPresent())
                .toList();
        return "'" + Value.shown(String.join(", ", names)) + "'";
    }
}
