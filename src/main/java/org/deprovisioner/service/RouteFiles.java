package org.deprovisioner.service;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that are loaded: the program's own in {@code routes/} of the installation, and a user's in {@code routes/}
 * beside the settings, which an upgrade leaves alone. One of the user's with a name of ours takes its place.
 */
final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
    private static final String EXTENSION = ".yaml";

    private final Path ours;
    private final Path users;

    /** The routes of an installation whose settings lie in this folder. */
    RouteFiles(Path home, Path settings) {
        this.ours = home.resolve("routes");
        this.users = settings.resolve("routes");
    }

    /** All of them, as Camel is told them; a changed copy of ours is named in the log. */
    String all() throws IOException {
        return pattern(file -> true);
    }

    /** As {@link #all}, but only those with these names. */
    String only(List<String> names) throws IOException {
        return pattern(names::contains);
    }

    private String pattern(Predicate<String> wanted) throws IOException {
        Map<String, Path> files = new TreeMap<>(in(ours));
        for (Map.Entry<String, Path> users : in(users).entrySet()) {
            Path replaced = files.put(users.getKey(), users.getValue());
            if (replaced != null && Files.mismatch(replaced, users.getValue()) >= 0) {
                LOG.warn(
                        "{} is a changed copy of the program's own route {}, and takes its place. Compare the two after"
                                + " each upgrade.",
                        users.getValue(),
                        replaced);
            }
        }
        return files.entrySet().stream()
                .filter(file -> wanted.test(file.getKey()))
                .map(file -> "file:" + file.getValue())
                .collect(joining(","));
    }

    /** By their names without the extension. */
    private static Map<String, Path> in(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.forEach(entry -> {
                    String name = String.valueOf(entry.getFileName());
                    if (name.endsWith(EXTENSION) && !name.startsWith(".")) {
                        files.put(name.substring(0, name.length() - EXTENSION.length()), entry);
                    }
                });
            }
        }
        return files;
    }
}
