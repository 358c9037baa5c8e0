package org.deprovisioner.request;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the names of columns mean together: each is one of ours, or carried along unread. Other programs write
 * {@code deviceId}, {@code id} and {@code ID} too and mean something else by it; their lists are known by the columns beside.
 */
final class Header {

    private static final int MAX_SHOWN = 12;

    /** Names that people might take for ours. */
    private static final Set<String> TAKEN_FOR_OURS = Set.of("sn", "user", "email", "name");

    private static final String OF_GOOGLE = "orgunitpath";
    private static final String OF_ASSET_LISTS = "assettag";
    private static final Set<String> OF_ENTRA = Set.of(
            "objectid",
            "accountenabled",
            "alternativesecurityids",
            "approximatelastsignindatetime",
            "approximatelastlogontimestamp",
            "deviceostype",
            "deviceobjectversion",
            "devicephysicalids",
            "devicetrusttype",
            "dirsyncenabled",
            "mdmappid",
            "mdmdisplayname",
            "physicalids",
            "profiletype",
            "registeredowners",
            "registrationdatetime",
            "registrationtime",
            "systemlabels",
            "trusttype");

    private static final Set<String> IDS = Set.of("id", "deviceid");

    /** Of our names in full, those that a setting can have carried along: no check and no reason is lost with them. */
    private static final Set<Column> RELEASABLE =
            EnumSet.of(Column.ADDRESS, Column.TENANT, Column.BATCH, Column.REQUEST_ID);

    private final List<String> names;
    private final List<Optional<Column>> meanings = new ArrayList<>();
    private final Set<String> carried;
    private final Set<Integer> added;
    private final List<String> remarks = new ArrayList<>();

    /**
     * @param added the places of the columns that a results file added
     * @param exceptions names, in their plain form, that are carried along whatever they are near to
     */
    Header(List<String> names, Set<Integer> added, Set<String> exceptions) {
        this.names = names;
        this.added = added;
        this.carried = new HashSet<>(exceptions);
        Set<String> together = IntStream.range(0, names.size())
                .filter(i -> !added.contains(i))
                .mapToObj(i -> Column.plain(names.get(i)))
                .collect(toUnmodifiableSet());
        for (int i = 0; i < names.size(); i++) {
            meanings.add(meaning(i, together));
        }
    }

    private Optional<Column> meaning(int place, Set<String> together) {
        String name = names.get(place);
        String plain = Column.plain(name);
        Optional<Column> column = Column.named(name);
        if (added.contains(place)) {
            return column.filter(Column.REQUEST_ID::equals);
        }
        if (column.isPresent()
                && carried.contains(plain)
                && (IDS.contains(plain) || RELEASABLE.contains(column.get()))) {
            remarks.add(
                    "The column %s is only carried along, as deprovision.columns.carried says.".formatted(shown(name)));
            return Optional.empty();
        }
        Optional<String> owner = IDS.contains(plain) ? owner(plain, together) : Optional.empty();
        if (owner.isPresent()) {
            carried.add(plain);
            remarks.add(
                    "The column %s is %s, not Intune's: it is only carried along, and the other columns find the device."
                            .formatted(shown(name), owner.get()));
            return Optional.empty();
        }
        return column;
    }

    /** Whose id it is that stands in such a column beside those; empty for Intune's. */
    private static Optional<String> owner(String id, Set<String> together) {
        if (id.equals("deviceid") && together.contains(OF_GOOGLE)) {
            return Optional.of("Google's id beside orgUnitPath");
        }
        if (OF_ENTRA.stream().anyMatch(together::contains)) {
            return Optional.of("Entra's id beside other columns of Entra's");
        }
        return id.equals("id") && together.contains(OF_ASSET_LISTS)
                ? Optional.of("the asset list's number beside Asset Tag")
                : Optional.empty();
    }

    /** What each column means; empty for one that is carried along. */
    List<Optional<Column>> meanings() {
        return List.copyOf(meanings);
    }

    /** The names, in their plain form, that are carried along although they are ours or nearly ours. */
    Set<String> carried() {
        return Set.copyOf(carried);
    }

    /** What a person should know who thinks that all columns are read as they are called. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Why the columns cannot be taken: one is nearly ours, and nobody can tell whether it is meant. */
    Optional<InvalidCellException> nearlyOurs() {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!added.contains(i) && !carried.contains(Column.plain(name))) {
                Optional<Column> near = NearNames.near(name);
                if (near.isPresent()) {
                    return Optional.of(new InvalidCellException(
                            "The column %s is nearly %s, but not quite, so what stands in it would not be read"
                                    .formatted(shown(name), near.get()),
                            "Rename it to %s if it is that; if it is something else, rename it clearly or name it in"
                                            .formatted(near.get())
                                    + " deprovision.columns.carried."));
                }
            }
        }
        return Optional.empty();
    }

    /** Why the columns of a table cannot be taken: delimiters are mixed, so one column has several names, and ours with them. */
    Optional<InvalidCellException> severalInOne() {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Optional<Column> ours =
                    carried.contains(Column.plain(name)) ? Optional.empty() : NearNames.amongSeveral(name);
            if (ours.isPresent()) {
                return Optional.of(new InvalidCellException(
                        "The column %s has several names, %s among them, so what stands in it would not be read"
                                .formatted(shown(name), ours.get()),
                        "Separate all columns by the same delimiter; if it is one column, rename it clearly."));
            }
        }
        return Optional.empty();
    }

    /** Which columns were understood as what, and which are carried along, in words. */
    String understood() {
        List<String> read = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (meanings.get(i).isPresent()) {
                read.add(shown(name) + " as " + meanings.get(i).get());
            } else if (!added.contains(i)) {
                // those that people might take for ours come first: they must not get lost among many
                unread.add(TAKEN_FOR_OURS.contains(Column.plain(name)) ? 0 : unread.size(), shown(name));
            }
        }
        return (read.isEmpty() ? "No column was understood" : "Columns read: " + String.join(", ", read))
                + (unread.isEmpty() ? "" : "; carried along unread: " + listed(unread))
                + ".";
    }

    private static String listed(List<String> names) {
        return names.size() <= MAX_SHOWN
                ? String.join(", ", names)
                : names.stream().limit(MAX_SHOWN).collect(joining(", "))
                        + " and %d more".formatted(names.size() - MAX_SHOWN);
    }

    private static String shown(String name) {
        return "'" + Value.shown(name) + "'";
    }
}
