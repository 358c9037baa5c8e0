package org.deprovisioner.guard;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.request.Device;

/**
 * The devices that are never acted on, from the file of {@code deprovision.guard.protected}: one rule a row, in any of the
 * columns {@code id}, {@code serialNumber}, {@code deviceName}, {@code userPrincipalName}; {@code *} in a value stands for
 * any text. Compared without case and surrounding space. The file is read again when it changes.
 */
public final class ProtectedDevices {

    private static final Map<String, Function<Device, String>> COLUMNS = Map.of(
            "id", Device::id,
            "serialNumber", Device::serialNumber,
            "deviceName", Device::deviceName,
            "userPrincipalName", Device::userPrincipalName);

    private final Path file;
    private State state = new State(FileTime.fromMillis(0), -1, List.of(), Optional.empty());

    /** Reads the rules of a file. */
    public ProtectedDevices(Path file) {
        this.file = file;
    }

    private record Rule(String column, String value, Pattern pattern) {}

    private record State(FileTime modified, long size, List<Rule> rules, Optional<String> broken) {}

    /** Why the list cannot be trusted now, so that nothing may be sent; empty when it can. */
    public Optional<String> broken() {
        return current().broken;
    }

    /** How a request ends whose device is protected; empty when it is not. */
    public Optional<Finding> refuse(Device device) {
        return current().rules.stream()
                .filter(rule -> rule.pattern
                        .matcher(plain(
                                COLUMNS.getOrDefault(rule.column, Device::id).apply(device)))
                        .matches())
                .findFirst()
                .map(rule -> Finding.of(
                        Outcome.REFUSED_BY_GUARD,
                        "The device is protected: " + rule.column + " '" + rule.value + "' stands in "
                                + file.getFileName() + ".",
                        "If it is to be deprovisioned all the same, take it off the list and drop the row again."));
    }

    private synchronized State current() {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            if (!modified.equals(state.modified) || size != state.size) {
                state = new State(modified, size, read(), Optional.empty());
            }
        } catch (IOException
                | UncheckedIOException
                | IllegalArgumentException
                | de.siegmar.fastcsv.reader.CsvParseException
                | java.util.NoSuchElementException unreadable) {
            state = new State(
                    FileTime.fromMillis(0),
                    -1,
                    List.of(),
                    Optional.of("The list of protected devices "
                            + file + " cannot be used, so nothing is sent: " + unreadable.getMessage()
                            + ". Mend the file; one with nothing but its header protects no device."));
        }
        return state;
    }

    private List<Rule> read() throws IOException {
        List<Rule> rules = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder()
                .commentStrategy(CommentStrategy.SKIP)
                .allowMissingFields(true)
                .ofNamedCsvRecord(file)) {
            for (NamedCsvRecord row : rows) {
                row.getFieldsAsMap().forEach((column, value) -> add(rules, column.strip(), value));
            }
        }
        return rules;
    }

    private static void add(List<Rule> rules, String column, String value) {
        if (!COLUMNS.containsKey(column)) {
            throw new IllegalArgumentException("'" + column + "' is none of the columns "
                    + COLUMNS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        if (!value.isBlank()) {
            String text = List.of(plain(value).split("\\*", -1)).stream()
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"));
            rules.add(new Rule(column, value.strip(), Pattern.compile(text, Pattern.DOTALL)));
        }
    }

    private static String plain(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }
}
