package org.deprovisioner.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.deprovisioner.settings.Source.Place;

/**
 * Reads the settings: the defaults, over them {@code application.properties}, the environment, {@code -Ddeprovision.*}
 * on the command line, and what the program itself says.
 *
 * <p>Everything is checked at once and before anything starts. A key that is not known, or not built yet, is a problem
 * and not ignored: who believes in a limit that is not there deprovisions more than was meant.
 */
public final class SettingsReader {

    private static final String FOLDER = "deprovision.config";
    private static final String FOLDER_VARIABLE = "DEPROVISION_CONFIG";

    private final Path home;
    private final List<Source> sources;
    private final boolean withFile;
    private final Function<Settings.Vault, SecretStore> stores;

    /** With the sources from the strongest to the weakest; the file comes after them. */
    private SettingsReader(Path home, boolean withFile, Source... sources) {
        this(home.toAbsolutePath().normalize(), withFile, List.of(sources), SettingsReader::unopened);
    }

    private SettingsReader(
            Path home, boolean withFile, List<Source> sources, Function<Settings.Vault, SecretStore> stores) {
        this.home = home;
        this.withFile = withFile;
        this.sources = sources;
        this.stores = stores;
    }

    /** The same settings; secrets that they refer to are read in what is opened of their vault. */
    public SettingsReader withVaults(Function<Settings.Vault, SecretStore> opened) {
        return new SettingsReader(home, withFile, sources, opened);
    }

    private static SecretStore unopened(Settings.Vault vault) {
        return reference -> {
            throw new UnreadableSecretException("Nobody opens " + vault.address() + " here.", "", false);
        };
    }

    /**
     * The settings of this process.
     *
     * @param home the installation folder
     * @param program what the program says, under the keys of the file; stronger than all else
     */
    public static SettingsReader ofProcess(Path home, Map<String, String> program) {
        Map<String, String> system = text(System.getProperties());
        return of(home, System.getenv(), system, program);
    }

    /** The settings of a process with this environment and these system properties. */
    public static SettingsReader of(
            Path home, Map<String, String> environment, Map<String, String> system, Map<String, String> program) {
        return new SettingsReader(
                home,
                true,
                new Source(Place.PROGRAM, "the program", program),
                new Source(Place.COMMAND_LINE, "the command line", onCommandLine(system)),
                new Source(Place.ENVIRONMENT, "the environment", withProxies(environment)));
    }

    private static Map<String, String> onCommandLine(Map<String, String> system) {
        Map<String, String> ours = new HashMap<>(system);
        ours.keySet().removeIf(key -> !KnownSettings.isMeantForUs(key));
        return ours;
    }

    /** Curl and its kin write the names of these two in small letters. */
    private static Map<String, String> withProxies(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        for (String name : List.of(KnownSettings.HTTPS_PROXY.key(), KnownSettings.NO_PROXY.key())) {
            if (environment.getOrDefault(name, "").isBlank()) {
                all.put(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""));
            }
        }
        return all;
    }

    /** The defaults and what the program says, whatever a user has set: of the file, foreign keys alone are taken. */
    public static SettingsReader ofDefaults(Path home, Map<String, String> program) {
        return new SettingsReader(home, false, new Source(Place.PROGRAM, "the program", program));
    }

    /**
     * For commands that do not call Graph: credentials are not looked at, and the tenants' are left empty.
     *
     * @throws SettingsException with every problem
     */
    public Configuration read() {
        return read(Credentials.NOT_LOOKED_AT);
    }

    /**
     * For commands that call Graph: credentials must be there.
     *
     * @throws SettingsException with every problem
     */
    public Configuration readWithCredentials() {
        return read(Credentials.READ);
    }

    /**
     * For commands that do not call Graph and look at credentials all the same: those that lie in a vault are not read
     * before they are needed.
     *
     * @throws SettingsException with every problem
     */
    public Configuration readWithVaultsShut() {
        return read(Credentials.REFERRED_TO);
    }

    private Configuration read(Credentials credentials) {
        var problems = new LinkedHashSet<String>();
        String named = folder();
        Path file = home.resolve(named.isEmpty() ? "config" : named)
                .resolve("application.properties")
                .normalize();
        Map<String, String> ours = new HashMap<>();
        Map<String, String> foreign = new HashMap<>();
        if (!named.isEmpty() || Files.exists(file)) {
            for (Map.Entry<String, String> entry : load(file, problems).entrySet()) {
                (KnownSettings.isOurs(entry.getKey()) ? ours : foreign).put(entry.getKey(), entry.getValue());
            }
        }
        var given = new ArrayList<>(sources);
        if (withFile) {
            given.add(new Source(Place.FILE, words(file), ours));
        }
        return new SettingsPass(home, given, stores, problems)
                .configuration(file.resolveSibling(""), foreign, credentials);
    }

    /** The folder of the configuration where one is named, by its key rather than by its variable; empty where none is. */
    private String folder() {
        for (String name : List.of(FOLDER, FOLDER_VARIABLE)) {
            for (Source source : sources) {
                String value = source.values().getOrDefault(name, "");
                if (!value.isBlank()) {
                    return value;
                }
            }
        }
        return "";
    }

    private String words(Path file) {
        return file.startsWith(home) ? home.relativize(file).toString() : file.toString();
    }

    /** The file as a map. */
    private Map<String, String> load(Path file, Set<String> problems) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(TextFile.read(file)));
        } catch (CharacterCodingException e) {
            problems.add(words(file) + " is not UTF-8. Save it as UTF-8.");
        } catch (IOException e) {
            problems.add(
                    Files.exists(file)
                            ? words(file) + " cannot be read by the user " + System.getProperty("user.name")
                                    + ". Check its rights, or run this as the user that the service runs as."
                            : words(file) + " is not there. Check " + FOLDER + ".");
        } catch (IllegalArgumentException e) {
            problems.add(words(file) + " has a \\u without four digits after it. Write paths with / instead of \\.");
        }
        return text(properties);
    }

    private static Map<String, String> text(Properties properties) {
        Map<String, String> text = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            text.put(name, properties.getProperty(name, ""));
        }
        return text;
    }
}
