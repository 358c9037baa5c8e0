package org.deprovisioner.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the columns of one file or message mean.
 *
 * <p>A header is taken for that of a results or dead-letter file coming back when it has {@code outcome} beside a name
 * that nobody else writes; a school's own {@code class} or {@code line} is no such sign. In such a header the last
 * column of each of our names is ours: it is left out, and of these only {@code requestId} is read.
 *
 * <p>A meaning may stand in the header more than once ({@code id} beside {@code managedDeviceId}, or one name twice):
 * filled cells of one meaning must then agree in every row.
 */
final class Columns {

    /** Longer cells than a spreadsheet can hold are refused. */
    private static final int MAX_LENGTH = 32_767;

    private static final Set<String> TELLTALES =
            Set.of("httpstatus", "graphcode", "remedy", "graphrequestid", "clientrequestid");

    private final List<String> names;
    private final boolean ours;
    private final int[] own;
    private final List<Optional<Column>> meanings;
    private final boolean repeated;

    private Columns(List<String> names, boolean ours, Collection<Integer> added) {
        this.names = List.copyOf(names);
        this.ours = ours;
        own = IntStream.range(0, names.size()).filter(i -> !added.contains(i)).toArray();
        meanings = IntStream.range(0, names.size())
                .mapToObj(i -> Column.named(names.get(i)).filter(c -> c == Column.REQUEST_ID || !added.contains(i)))
                .toList();
        List<Column> known = meanings.stream().flatMap(Optional::stream).toList();
        repeated = known.size() > Set.copyOf(known).size();
    }

    static Columns of(List<String> names) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            last.put(Column.plain(names.get(i)), i);
        }
        boolean ours = last.containsKey("outcome") && TELLTALES.stream().anyMatch(last::containsKey);
        if (ours) {
            Set<String> added = new HashSet<>(List.of(Column.plain(Layout.RAW)));
            Layout.RESULT_COLUMNS.forEach(name -> added.add(Column.plain(name)));
            last.keySet().retainAll(added);
        } else {
            last.clear();
        }
        return new Columns(names, ours, last.values());
    }

    int size() {
        return names.size();
    }

    /** What the column at an index means; empty where it is only carried along. */
    Optional<Column> meaning(int index) {
        return meanings.get(index);
    }

    /** Whether this is a results or dead-letter file coming back. */
    boolean ours() {
        return ours;
    }

    /** How many columns mean something to us. */
    long known() {
        return meanings.stream().filter(Optional::isPresent).count();
    }

    /** Whether any column names, finds or reaches a device. */
    boolean nameDevices() {
        return meanings.stream().flatMap(Optional::stream).anyMatch(RequestChecker.NAMING::contains);
    }

    /** The names that were handed over, as they were written, without those that we added. */
    List<String> ownNames() {
        return pick(names);
    }

    /** The cells that belong to {@link #ownNames}. */
    List<String> ownCells(List<String> cells) {
        return pick(cells);
    }

    private List<String> pick(List<String> all) {
        List<String> picked = new ArrayList<>(own.length);
        for (int i : own) {
            picked.add(all.get(i));
        }
        return Collections.unmodifiableList(picked);
    }

    /** The cells of the known columns, empty ones too; of several with one meaning the first that is filled. */
    Map<Column, Value> values(List<String> cells) {
        Map<Column, Value> values = new EnumMap<>(Column.class);
        for (int i = 0; i < names.size(); i++) {
            if (meanings.get(i).isPresent()) {
                Value value = new Value(meanings.get(i).get(), cells.get(i));
                values.merge(value.column(), value, (first, next) -> first.filled() ? first : next);
            }
        }
        return values;
    }

    /**
     * Looks at what holds for every cell, known or not.
     *
     * @throws Flaw when a cell is too long or has control characters, or when two cells of one meaning differ
     */
    void check(List<String> cells) throws Flaw {
        for (int i = 0; i < names.size(); i++) {
            String cell = cells.get(i);
            if (cell.length() > MAX_LENGTH) {
                throw flaw(i, cell, "is longer than %d characters".formatted(MAX_LENGTH), "Shorten it.");
            }
            if (hasControls(cell)) {
                throw flaw(i, cell, "has control characters", "Remove them.");
            }
        }
        if (repeated) {
            checkAgreement(cells);
        }
    }

    private static boolean hasControls(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                return true;
            }
        }
        return false;
    }

    private void checkAgreement(List<String> cells) throws Flaw {
        Map<Column, Value> values = values(cells);
        for (int i = 0; i < names.size(); i++) {
            if (meanings.get(i).isPresent()) {
                Value value = new Value(meanings.get(i).get(), cells.get(i));
                Value first = values.getOrDefault(value.column(), value);
                if (value.filled() && !value.agrees(first)) {
                    throw flaw(
                            i,
                            value.text(),
                            "differs from '%s' in another column that means %s"
                                    .formatted(Value.shown(first.text()), value.column()),
                            "Keep the one that is right.");
                }
            }
        }
    }

    private Flaw flaw(int column, String cell, String rule, String remedy) {
        return new Flaw(
                "column %s: '%s' %s".formatted(Value.shown(names.get(column)), Value.shown(cell), rule), remedy);
    }
}
