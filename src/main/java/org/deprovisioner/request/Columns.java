package org.deprovisioner.request;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

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
import java.util.stream.Stream;

/**
 * What the columns of one file or message mean.
 *
 * <p>A header is taken for that of a results or dead-letter file coming back when it has {@code outcome} beside a name
 * that nobody else writes; a school's own {@code class} or {@code line} is no such sign. In such a header the last
 * column of each of our names is ours: it is left out, and of these only {@code requestId} is read. {@code foundName} and
 * those that go with it are ours only where all four stand; files of before have none of them, and one alone is the user's.
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
    private final Header header;
    private final List<Optional<Column>> meanings;
    private final boolean repeated;
    private final boolean listing;

    private Columns(List<String> names, boolean ours, Collection<Integer> added, Set<String> carried) {
        this.names = List.copyOf(names);
        this.ours = ours;
        own = IntStream.range(0, names.size()).filter(i -> !added.contains(i)).toArray();
        header = new Header(this.names, Set.copyOf(added), carried);
        meanings = header.meanings();
        List<Column> known = meanings.stream().flatMap(Optional::stream).toList();
        repeated = known.size() > Set.copyOf(known).size();
        listing = names.stream().map(Column::plain).anyMatch(Column.plain(DeviceSheet.LISTED)::equals);
    }

    /**
     * Finds out what columns mean.
     *
     * @param carried names, in their plain form, that are carried along although they are ours or nearly ours
     */
    static Columns of(List<String> names, Set<String> carried) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            last.put(Column.plain(names.get(i)), i);
        }
        boolean ours = last.containsKey("outcome") && TELLTALES.stream().anyMatch(last::containsKey);
        if (ours) {
            Set<String> added = new HashSet<>(List.of(Column.plain(Layout.RAW)));
            Layout.RESULT_COLUMNS.forEach(name -> added.add(Column.plain(name)));
            Set<String> found = Layout.FOUND.stream().map(Column::plain).collect(toUnmodifiableSet());
            if (!last.keySet().containsAll(found)) {
                added.removeAll(found);
            }
            last.keySet().retainAll(added);
        } else {
            last.clear();
        }
        return new Columns(names, ours, last.values(), carried);
    }

    /** What the same names mean in one of a file's objects, which need not have all of its fields. */
    Columns among(List<String> some) {
        return of(some, header.carried());
    }

    /** Which names mean what, and why. */
    Header header() {
        return header;
    }

    /** What a field of this name means. */
    Optional<Column> meaning(String name) {
        int place = names.indexOf(name);
        return place < 0 ? Optional.empty() : meanings.get(place);
    }

    int size() {
        return names.size();
    }

    /** What the column at an index means; empty where it is only carried along. */
    Optional<Column> meaning(int index) {
        return meanings.get(index);
    }

    /** Whether this is a list that {@code devices} made: a row of it is meant only once somebody gave it a reason. */
    boolean listing() {
        return listing;
    }

    /** Whether its cells were made fit for a spreadsheet by us. */
    boolean guarded() {
        return ours || listing;
    }

    /**
     * Makes sure that the file can be taken by what its columns mean.
     *
     * @throws UnusableFileException when one is nearly ours, or none names devices
     */
    void checkUsable(String nameless) throws UnusableFileException {
        Optional<InvalidCellException> near = header.nearlyOurs();
        if (near.isPresent()) {
            throw new UnusableFileException(
                    String.join(" ", near.get().error() + ".", near.get().remedy(), header.understood()));
        }
        if (!nameDevices()) {
            throw new UnusableFileException(Stream.concat(
                            Stream.of(nameless),
                            Stream.concat(header.remarks().stream(), Stream.of(header.understood())))
                    .collect(joining(" ")));
        }
    }

    /** What a person should know of how the columns were understood. */
    List<String> remarks() {
        return Stream.concat(Stream.of(header.understood()), header.remarks().stream())
                .toList();
    }

    /** How many columns mean something to us. */
    long known() {
        return meanings.stream().filter(Optional::isPresent).count();
    }

    /** Whether any column names, finds or reaches a device. */
    private boolean nameDevices() {
        return meanings.stream().flatMap(Optional::stream).anyMatch(RequestChecker.NAMING::contains);
    }

    /** Whether a column beside the id finds devices too. */
    boolean findWithoutId() {
        return meanings.stream().flatMap(Optional::stream).anyMatch(Column.EXPECTED::contains);
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
     * @throws InvalidCellException when a cell is too long or has control characters, or when two cells of one meaning differ
     */
    void check(List<String> cells) throws InvalidCellException {
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

    private void checkAgreement(List<String> cells) throws InvalidCellException {
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

    private InvalidCellException flaw(int column, String cell, String rule, String remedy) {
        return new InvalidCellException(
                "column %s: '%s' %s".formatted(Value.shown(names.get(column)), Value.shown(cell), rule), remedy);
    }
}
