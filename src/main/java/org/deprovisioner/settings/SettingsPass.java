package org.deprovisioner.settings;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.deprovisioner.rights.Readers;
import org.deprovisioner.settings.Source.Given;
import org.deprovisioner.settings.Source.Place;
import org.deprovisioner.store.Database;

/** One pass over what was given, from the strongest source to the weakest, that collects every problem on its way. */
final class SettingsPass {

    private static final Set<String> FOR_THE_START =
            Set.of("deprovision.home", "deprovision.config", "DEPROVISION_CONFIG", "DEPROVISION_JAVA_OPTS");
    private static final Pattern SECRETIVE = Pattern.compile("(?i).*(pass|pwd|secret|token|credential).*");

    private final Path home;
    private final List<Source> sources;
    private final TenantSettings tenants;
    private final List<Setting<?>> all;
    private final Set<String> problems;
    private final Function<Settings.Vault, SecretStore> stores;

    /** What was found of each setting, by its key, and what it holds: to look and to parse once is enough. */
    private final Map<String, Optional<Given>> found = new HashMap<>();

    private final Map<String, Object> values = new HashMap<>();

    SettingsPass(Path home, List<Source> sources, Function<Settings.Vault, SecretStore> stores, Set<String> problems) {
        this.home = home;
        this.sources = sources;
        this.stores = stores;
        this.tenants = new TenantSettings(sources);
        this.all = new ArrayList<>(KnownSettings.all());
        this.all.addAll(tenants.all());
        this.problems = problems;
    }

    Configuration configuration(Path folder, Map<String, String> foreign, Credentials credentials) {
        boolean needed = credentials != Credentials.NOT_LOOKED_AT;
        for (Source source : sources) {
            refuseUnknown(source);
        }
        for (Setting<?> setting : all) {
            if (needed || !setting.credential()) {
                value(setting);
            }
        }
        Settings settings = settings(credentials);
        if (!problems.isEmpty()) {
            throw new SettingsException(List.copyOf(problems));
        }
        return new Configuration(settings, folder, placeholders(settings), foreign, List.of());
    }

    private Settings settings(Credentials credentials) {
        boolean needed = credentials != Credentials.NOT_LOOKED_AT;
        Path data = home.resolve(value(KnownSettings.DATA)).normalize();
        boolean ledgerInVault = value(KnownSettings.LEDGER_PASSWORD)
                .filter(password -> password.value().startsWith("{{"))
                .isPresent();
        Optional<Settings.Vault> vault = needed || ledgerInVault ? vault() : Optional.empty();
        VaultedSecrets secrets = new VaultedSecrets(this, vault, stores, credentials == Credentials.READ);
        SignIns signIns = new SignIns(this, tenants, secrets);
        LedgerSettings ledger = new LedgerSettings(this);
        Settings.Graph graph = reach(signIns.graphBaseUrl(), needed ? proxy() : Optional.empty());
        return new Settings(
                home,
                data,
                ledger.url(home, data),
                ledger.signIn(secrets),
                value(KnownSettings.NODE),
                graph,
                signIns.tenants(needed),
                new Settings.Pace(
                        value(KnownSettings.WRITES),
                        value(KnownSettings.WINDOW),
                        value(KnownSettings.READS),
                        value(KnownSettings.CONCURRENCY),
                        value(KnownSettings.MODE),
                        value(KnownSettings.BULK_SIZE),
                        value(KnownSettings.MAX_ATTEMPTS),
                        value(KnownSettings.MAX_AGE)),
                requests(),
                new Settings.Doubt(
                        value(KnownSettings.RESEND), value(KnownSettings.READ_BACK), value(KnownSettings.VERIFY)),
                guard(),
                broker(secrets),
                new ConsoleSettings(this, secrets).console(needed, signIns.authorityHost(), graph),
                notifications(needed, secrets),
                new Readers(value(KnownSettings.DATA_GROUP)),
                vault);
    }

    private Settings.Graph reach(URI address, Optional<Settings.Proxy> proxy) {
        return new Settings.Graph(
                address,
                value(KnownSettings.TIMEOUT),
                value(KnownSettings.CA_FILE).map(file -> readable(KnownSettings.CA_FILE, file)),
                proxy);
    }

    private Optional<Settings.Vault> vault() {
        return value(KnownSettings.VAULT_HOST).map(host -> {
            Optional<Secret> token = value(KnownSettings.VAULT_TOKEN);
            if (token.isEmpty()) {
                problem("%s is missing. Set it to the vault's token, or %s to a file that holds it."
                        .formatted(KnownSettings.VAULT_TOKEN.key(), KnownSettings.VAULT_TOKEN.inFile()));
            }
            URI address = vaultAddress(host);
            return new Settings.Vault(
                    address,
                    new SecretReference(token.orElse(new Secret("")), fileOf(KnownSettings.VAULT_TOKEN)),
                    value(KnownSettings.VAULT_NAMESPACE),
                    reach(address, proxy()));
        });
    }

    private URI vaultAddress(String host) {
        String scheme = value(KnownSettings.VAULT_SCHEME);
        String address = scheme + "://" + host + ":" + value(KnownSettings.VAULT_PORT);
        try {
            return SettingType.url().parser().apply(address);
        } catch (IllegalArgumentException unsafe) {
            refuse(
                    KnownSettings.VAULT_HOST,
                    "cannot be used with %s=%s: http is for loopback addresses alone."
                            .formatted(KnownSettings.VAULT_SCHEME.key(), scheme));
            return URI.create(address);
        }
    }

    private Settings.Requests requests() {
        Optional<String> reason = value(KnownSettings.DEFAULT_REASON);
        Set<String> allowed = value(KnownSettings.ALLOWED_REASONS).orElse(Set.of());
        if (!allowed.isEmpty() && reason.isPresent() && !allowed.contains(reason.get())) {
            refuse(
                    KnownSettings.DEFAULT_REASON,
                    "is none of " + KnownSettings.ALLOWED_REASONS.key() + ". Add it there or take another.");
        }
        if (value(KnownSettings.JUSTIFICATION).isPresent() && value(KnownSettings.MODE) != Settings.Mode.SINGLE) {
            refuse(
                    KnownSettings.MODE,
                    "does not go together with " + KnownSettings.JUSTIFICATION.key()
                            + ": Intune's administrators approve one device at a time. Set " + KnownSettings.MODE.key()
                            + "=single, or leave out the justification.");
        }
        return new Settings.Requests(
                reason,
                allowed,
                value(KnownSettings.CARRIED_COLUMNS).orElse(Set.of()),
                value(KnownSettings.RESOLVE),
                value(KnownSettings.RESOLVE_MAX_AGE),
                value(KnownSettings.DRY_RUN),
                value(KnownSettings.JUSTIFICATION),
                value(KnownSettings.DUPLICATE_WINDOW),
                value(KnownSettings.RETENTION),
                value(KnownSettings.QUIET));
    }

    private Settings.Guard guard() {
        Set<String> systems = value(KnownSettings.OPERATING_SYSTEMS);
        return new Settings.Guard(
                systems.size() == 1 && systems.stream().allMatch("any"::equalsIgnoreCase) ? Set.of() : systems,
                value(KnownSettings.MAX_PER_BATCH),
                value(KnownSettings.MAX_PER_DAY),
                value(KnownSettings.MAX_REFUSED_PERCENT),
                value(KnownSettings.MAX_FLEET_PERCENT),
                readable(KnownSettings.PROTECTED, value(KnownSettings.PROTECTED)),
                value(KnownSettings.APPROVAL),
                value(KnownSettings.FOUR_EYES),
                people(),
                value(KnownSettings.HOURS).filter(hours -> !value(KnownSettings.DRY_RUN)),
                value(KnownSettings.DRY_RUN) ? Duration.ZERO : value(KnownSettings.GRACE));
    }

    private Map<String, String> people() {
        Optional<Path> file = value(KnownSettings.PEOPLE);
        if (file.isEmpty()) {
            return Map.of();
        }
        try {
            PeopleFile read = PeopleFile.read(file.get());
            problems.addAll(read.problems());
            return read.people();
        } catch (IOException unreadable) {
            problems.add("%s=%s cannot be read. Make that file, or take the setting out."
                    .formatted(KnownSettings.PEOPLE.key(), file.get()));
            return Map.of();
        }
    }

    private Settings.Broker broker(VaultedSecrets secrets) {
        Optional<String> user = value(KnownSettings.BROKER_USER);
        Optional<SecretReference> password = secrets.kept(KnownSettings.BROKER_PASSWORD);
        if (user.isPresent() != password.isPresent()) {
            problems.add("%s and %s belong together: set both or none."
                    .formatted(KnownSettings.BROKER_USER.key(), KnownSettings.BROKER_PASSWORD.key()));
        }
        if (Database.isOfServer(value(KnownSettings.LEDGER_URL))
                && value(KnownSettings.BROKER_URL).equals("embedded")) {
            problems.add(given(KnownSettings.BROKER_URL).map(Given::toString).orElse("deprovision.broker.url=embedded")
                    + " does not go together with a ledger of PostgreSQL: messages would lie on one machine alone. Set "
                    + KnownSettings.BROKER_URL.key() + " to a broker that all machines reach, or to none.");
        }
        return new Settings.Broker(value(KnownSettings.BROKER_URL), user, password, value(KnownSettings.BROKER_LISTEN));
    }

    private Settings.Notifications notifications(boolean needed, VaultedSecrets secrets) {
        Optional<SecretReference> webhook = needed ? secrets.kept(KnownSettings.WEBHOOK) : Optional.empty();
        Optional<SecretReference> secret = needed ? secrets.kept(KnownSettings.WEBHOOK_SECRET) : Optional.empty();
        if (secret.isPresent() && webhook.isEmpty()) {
            refuse(
                    KnownSettings.WEBHOOK_SECRET,
                    "signs what is posted to " + KnownSettings.WEBHOOK.key() + ", which is not set. Set both or none.");
        }
        return new Settings.Notifications(webhook, secret, value(KnownSettings.AFTER_DEAD_LETTERS));
    }

    private Optional<Settings.Proxy> proxy() {
        Set<String> except = value(KnownSettings.NO_PROXY).orElse(Set.of());
        return value(KnownSettings.HTTPS_PROXY)
                .map(proxy -> new Settings.Proxy(proxy.host(), proxy.port(), proxy.user(), proxy.password(), except));
    }

    void problem(String words) {
        problems.add(words);
    }

    /** What a setting holds; its default where what was given cannot be taken, which is a problem. */
    @SuppressWarnings("unchecked") // a setting's value is put in by its own kind
    <T> T value(Setting<T> setting) {
        Object known = values.get(setting.key());
        if (known == null) {
            known = parsed(setting);
            values.put(setting.key(), known);
        }
        return (T) known;
    }

    private Object parsed(Setting<?> setting) {
        Optional<Given> given = given(setting);
        if (given.isPresent()) {
            if (setting.secret() && given.get().source().place() == Place.COMMAND_LINE) {
                refuse(setting, "is a secret, and others see the command line. Set it as " + setting.variable() + ".");
            }
            try {
                return setting.kind().parser().apply(given.get().value());
            } catch (IllegalArgumentException e) {
                refuse(setting, setting.kind().rule() + ". " + setting.remedy());
            }
        }
        return setting.kind().parser().apply(setting.standard());
    }

    void refuse(Setting<?> setting, String why) {
        given(setting).ifPresent(given -> problems.add(given + " " + why));
    }

    Optional<Given> given(Setting<?> setting) {
        Optional<Given> known = found.get(setting.key());
        if (known == null) {
            known = look(setting);
            found.put(setting.key(), known);
        }
        return known;
    }

    private Optional<Given> look(Setting<?> setting) {
        for (Source source : sources) {
            Optional<Given> given = given(setting, source);
            if (given.isPresent()) {
                return given;
            }
        }
        return Optional.empty();
    }

    /** What a source says itself or, of credentials, has in a file. */
    private Optional<Given> given(Setting<?> setting, Source source) {
        Optional<Given> here = source.find(setting);
        Optional<Given> file = inFile(setting).flatMap(source::find);
        if (here.isPresent() && file.isPresent()) {
            problems.add("%s and %s are both set in %s. Leave one of them out."
                    .formatted(setting.key(), setting.inFile(), source.words()));
        }
        return here.or(() -> file.map(named -> new Given(setting, source, content(named))));
    }

    /** The setting that names a file with this one's value, where there is one. */
    private Optional<Setting<?>> inFile(Setting<?> setting) {
        return KnownSettings.find(setting.inFile()).or(() -> tenants.find(setting.inFile()));
    }

    /** The file that a value stands in, where it was given in one. */
    Optional<Path> fileOf(Setting<?> setting) {
        return sources.stream()
                .filter(source -> given(setting, source).isPresent())
                .findFirst()
                .flatMap(source -> inFile(setting).flatMap(source::find))
                .map(file -> home.resolve(file.value()).normalize());
    }

    private String content(Given file) {
        try {
            String content = TextFile.read(home.resolve(file.value()));
            if (content.isEmpty()) {
                problems.add(file + " is an empty file.");
            }
            return content;
        } catch (TextFile.NoTextException e) {
            problems.add(
                    file + " is a file that is neither UTF-8 nor UTF-16. Save it as UTF-8, with nothing else in it.");
            return "";
        } catch (IOException | IllegalArgumentException e) {
            problems.add(file + " cannot be read. Check the path and its rights.");
            return "";
        }
    }

    /** A path made absolute; what a user names must be there. */
    Path readable(Setting<?> setting, Path path) {
        Path file = home.resolve(path).normalize();
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            refuse(setting, "is not a file that can be read. Check the path and its rights.");
        }
        return file;
    }

    private void refuseUnknown(Source source) {
        boolean variables = source.place() == Place.ENVIRONMENT;
        Set<String> unknown = new TreeSet<>(source.values().keySet());
        for (Setting<?> setting : all) {
            unknown.remove(source.nameOf(setting));
        }
        if (source.place() != Place.FILE) {
            unknown.removeAll(FOR_THE_START);
        }
        for (String name : unknown) {
            if (!variables || KnownSettings.isMeantForUs(name)) {
                problems.add(unknown(name, source));
            }
        }
    }

    private String unknown(String name, Source source) {
        String value = source.values().getOrDefault(name, "");
        Setting<?> nearest = KnownSettings.nearest(name, all);
        String shown = SECRETIVE.matcher(name).matches() ? new Secret(value).toString() : nearest.shown(value);
        return "%s=%s (%s) is not a setting. Did you mean %s?"
                .formatted(
                        name,
                        shown,
                        source.words(),
                        TenantSettings.nearest(name, source.place()).orElse(source.nameOf(nearest)));
    }

    /** Every setting that routes may refer to, as it is in force and written in one way. */
    private Map<String, String> placeholders(Settings settings) {
        var placeholders = new TreeMap<String, String>();
        for (Setting<?> setting : KnownSettings.all()) {
            String given = given(setting).map(Given::value).orElse(setting.standard());
            String text = setting.kind().canonical().apply(given);
            if (!text.isEmpty() && !setting.secret() && !setting.credential()) {
                placeholders.put(setting.key(), Setting.withoutSecrets(text));
            }
        }
        placeholders.put(KnownSettings.DATA.key(), slashed(settings.data()));
        placeholders.put(
                KnownSettings.BASE_URL.key(), settings.graph().baseUrl().toString());
        placeholders.put(KnownSettings.LEDGER_URL.key(), settings.ledgerUrl());
        placeholders.put(KnownSettings.PROTECTED.key(), slashed(settings.guard().protectedDevices()));
        settings.graph().caFile().ifPresent(file -> placeholders.put(KnownSettings.CA_FILE.key(), slashed(file)));
        if (settings.requests().dryRun()) { // it waits for neither
            placeholders.put(KnownSettings.GRACE.key(), "0s");
            placeholders.remove(KnownSettings.HOURS.key());
        }
        return Collections.unmodifiableMap(placeholders);
    }

    /** As an endpoint's address wants it, on Windows too. */
    private static String slashed(Path path) {
        return path.toString().replace(File.separatorChar, '/');
    }
}
