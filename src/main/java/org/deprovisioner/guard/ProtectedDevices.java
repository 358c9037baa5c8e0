package org.deprovisioner.guard;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.PlainText;
import org.deprovisioner.request.UnusableFileException;

/**
 * The devices that are never acted on, from the file of {@code deprovision.guard.protected}: one rule a row, in any of the
 * columns {@code id}, {@code serialNumber}, {@code deviceName}, {@code userPrincipalName}; {@code *} in a value stands for
 * any text. Compared without case, surrounding space and what cannot be seen. The file is read again when it changes, as
 * Excel writes it too; while it may still be being written, the rules of before hold as well.
 */
public final class ProtectedDevices {

    private static final Map<String, Function<Device, String>> COLUMNS = Map.of(
            "id", Device::id,
            "serialNumber", Device::serialNumber,
            "deviceName", Device::deviceName,
            "userPrincipalName", Device::userPrincipalName);

    private static final Map<String, String> NAMES = Map.of(
            "id", "id",
            "deviceid", "id",
            "manageddeviceid", "id",
            "intunedeviceid", "id",
            "serialnumber", "serialNumber",
            "devicename", "deviceName",
            "userprincipalname", "userPrincipalName",
            "primaryuserupn", "userPrincipalName");

    private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(2);
    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");
    private static final Pattern SURROUNDING = Pattern.compile("^[\\s\\p{Z}]+|[\\s\\p{Z}]+$");

    private final Path file;
    private State state = new State(Optional.empty(), List.of(), Optional.empty());

    /** Reads the rules of a file. */
    public ProtectedDevices(Path file) {
        this.file = file;
    }

    private record Rule(String column, String value, Pattern pattern) {}

    /** What tells one version of a file from the next. */
    private record Version(FileTime modified, long size, Optional<Object> key) {

        static Version of(BasicFileAttributes file) {
            return new Version(file.lastModifiedTime(), file.size(), Optional.ofNullable(file.fileKey()));
        }
    }

    /** @param version of the file that was read; empty when it has to be read once more */
    private record State(Optional<Version> version, List<Rule> rules, Optional<String> broken) {}

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
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Optional<Version> version = Optional.of(Version.of(now));
            if (!version.equals(state.version)) {
                List<Rule> rules = read();
                Duration age = Duration.between(now.lastModifiedTime().toInstant(), Instant.now());
                state = age.abs().compareTo(WRITTEN_WITHIN) < 0
                        ? new State(Optional.empty(), union(state.rules, rules), Optional.empty())
                        : new State(version, rules, Optional.empty());
            }
        } catch (IOException
                | UncheckedIOException
                | IllegalArgumentException
                | UnusableFileException
                | de.siegmar.fastcsv.reader.CsvParseException unreadable) {
            state = new State(
                    Optional.empty(),
                    state.rules,
                    Optional.of("The list of protected devices "
                            + file + " cannot be used, so nothing is sent: " + unreadable.getMessage()
                            + " Mend the file; one with nothing but its header protects no device."));
        }
        return state;
    }

    private static List<Rule> union(List<Rule> before, List<Rule> now) {
        List<String> known =
                now.stream().map(rule -> rule.column + " " + rule.value).toList();
        return Stream.concat(
                        now.stream(), before.stream().filter(rule -> !known.contains(rule.column + " " + rule.value)))
                .toList();
    }

    private List<Rule> read() throws IOException, UnusableFileException {
        StringWriter text = new StringWriter();
        try (Reader reader = PlainText.open(file)) {
            reader.transferTo(text);
        }
        List<Rule> rules = new ArrayList<>();
        try (CsvReader<CsvRecord> rows = CsvReader.builder()
                .fieldSeparator(separator(text.toString()))
                .commentStrategy(CommentStrategy.SKIP)
                .allowMissingFields(true)
                .ofCsvRecord(text.toString())) {
            Iterator<CsvRecord> row = rows.iterator();
            if (!row.hasNext()) {
                throw new IllegalArgumentException("it has no header.");
            }
            List<String> columns = row.next().getFields().stream()
                    .map(ProtectedDevices::column)
                    .toList();
            while (row.hasNext()) {
                List<String> cells = row.next().getFields();
                for (int i = 0; i < cells.size(); i++) {
                    add(rules, columns.get(i), cells.get(i));
                }
            }
        }
        return rules;
    }

    /** What stands between the columns, found from the header. */
    private static char separator(String text) {
        String header = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
        return Stream.of(';', '\t')
                .filter(one -> header.indexOf(one) >= 0 && header.indexOf(',') < 0)
                .findFirst()
                .orElse(',');
    }

    private static String column(String header) {
        String column = NAMES.get(plain(header).replaceAll("[ _-]", ""));
        if (column == null) {
            throw new IllegalArgumentException("'" + header + "' is none of the columns "
                    + COLUMNS.keySet().stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return column;
    }

    private static void add(List<Rule> rules, String column, String value) {
        if (!plain(value).isEmpty()) {
            String text = Arrays.stream(plain(value).split("\\*", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"));
            rules.add(new Rule(column, value.strip(), Pattern.compile(text, Pattern.DOTALL)));
        }
    }

    private static String plain(String value) {
        return SURROUNDING
                .matcher(INVISIBLE.matcher(value).replaceAll(""))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }
}
