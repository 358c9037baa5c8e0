package org.deprovisioner.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which operating-system user is which person of Entra ID: a line each, {@code user = object id}. Empty lines and those that
 * begin with {@code #} say nothing.
 */
final class PeopleFile {

    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Map<String, String> people = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Path file;

    private PeopleFile(Path file) {
        this.file = file;
    }

    static PeopleFile read(Path file) throws IOException {
        PeopleFile read = new PeopleFile(file);
        List<String> lines = TextFile.read(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            read.line(i + 1, lines.get(i).strip());
        }
        return read;
    }

    /** Object ids by users, both in small letters. */
    Map<String, String> people() {
        return people;
    }

    /** What stands in it and is no such line, a sentence each. */
    List<String> problems() {
        return problems;
    }

    private void line(int number, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        int sign = line.indexOf('=');
        String user = line.substring(0, Math.max(sign, 0)).strip().toLowerCase(Locale.ROOT);
        String person = line.substring(sign + 1).strip().toLowerCase(Locale.ROOT);
        if (user.isEmpty() || !OBJECT_ID.matcher(person).matches()) {
            problems.add("%s line %d of %s is not 'operating-system user = Entra object id'. Correct it."
                    .formatted(KnownSettings.PEOPLE.key(), number, file));
        } else if (!people.merge(user, person, (one, other) -> one).equals(person)) {
            problems.add("%s line %d of %s names '%s' again, as another person. Keep one of the two lines."
                    .formatted(KnownSettings.PEOPLE.key(), number, file, user));
        }
    }
}
