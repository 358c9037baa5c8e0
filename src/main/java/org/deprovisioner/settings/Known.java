package org.deprovisioner.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every setting of the contract with its default. */
final class Known {

    private static final Map<String, Setting<?>> BY_KEY = new LinkedHashMap<>();
    static final String VAULT = "camel.vault.hashicorp.";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    // Where
    static final Setting<Path> DATA = built("deprovision.data", "data", Kind.path());
    static final Setting<String> LEDGER_URL = built(
            "deprovision.ledger.url",
            "jdbc:sqlite:<deprovision.data>/ledger.db",
            Kind.text("jdbc:sqlite: and a file (jdbc:postgresql: is not built yet)", "jdbc:sqlite:[^:?]([^?]*[^/?])?"));

    static final Setting<Optional<Duration>> RETENTION =
            built("deprovision.retention", "off", Kind.duration("1d", "3650d").orOff());

    // Graph
    static final Setting<URI> BASE_URL =
            built("deprovision.graph.base-url", "https://graph.microsoft.com/beta", Kind.url());
    static final Setting<Duration> TIMEOUT = built("deprovision.timeout", "30s", Kind.duration("100ms", "10m"));
    static final Setting<Optional<Path>> CA_FILE = optional("deprovision.tls.ca-file", Kind.path());

    static final Setting<Optional<Settings.Proxy>> HTTPS_PROXY =
            add(new Setting<>("HTTPS_PROXY", "", Kind.proxy().optional(), true, true));
    static final Setting<Optional<Set<String>>> NO_PROXY =
            add(new Setting<>("NO_PROXY", "", Kind.list().optional(), false, true));

    // Sign-in
    static final Setting<Cloud> CLOUD = built("deprovision.cloud", "global", Cloud.kind());
    static final Setting<String> AUTH = built(
            "deprovision.auth",
            "client-secret",
            Kind.words("client-secret", "client-certificate", "managed-identity", "workload-identity", "device-code"));
    static final Setting<Optional<URI>> AUTHORITY = optional("deprovision.authority", Kind.url());
    static final Setting<URI> AUTHORITY_HOST = built(
            "AZURE_AUTHORITY_HOST",
            "https://login.microsoftonline.com",
            Kind.url().written(host -> host.contains("://") ? host : "https://" + host));
    static final Setting<Optional<String>> TENANT_ID = optional(
            "AZURE_TENANT_ID", Kind.text("the directory (tenant) id, a GUID, or a domain of the tenant", NAME));
    static final Setting<Optional<String>> CLIENT_ID =
            optional("AZURE_CLIENT_ID", Kind.text("the application (client) id, a GUID", NAME));
    static final Setting<Optional<Secret>> CLIENT_SECRET = secret("AZURE_CLIENT_SECRET");
    static final Setting<Optional<Path>> CERTIFICATE = optional("AZURE_CLIENT_CERTIFICATE_PATH", Kind.path());
    static final Setting<Optional<Secret>> CERTIFICATE_PASSWORD = secret("AZURE_CLIENT_CERTIFICATE_PASSWORD");
    static final Setting<Boolean> SEND_CHAIN = built("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "false", Kind.flag());
    static final Setting<Optional<Path>> FEDERATED_TOKEN = optional("AZURE_FEDERATED_TOKEN_FILE", Kind.path());

    // Pace
    static final Setting<Integer> WRITES = built("deprovision.quota.requests", "200", Kind.number(1, 1_000_000));
    static final Setting<Duration> WINDOW = built("deprovision.quota.window", "20s", Kind.duration("100ms", "1d"));
    static final Setting<Integer> READS = built("deprovision.quota.reads", "1800", Kind.number(1, 1_000_000));
    static final Setting<Integer> CONCURRENCY = built("deprovision.concurrency", "16", Kind.number(1, 1_000));
    static final Setting<Settings.Mode> MODE = built(
            "deprovision.mode",
            "single",
            Kind.words("single", "batch", "bulk").map(mode -> Settings.Mode.valueOf(mode.toUpperCase(Locale.ROOT))));
    static final Setting<Integer> BULK_SIZE = built("deprovision.bulk.size", "100", Kind.number(1, 100));
    static final Setting<Integer> MAX_ATTEMPTS = built("deprovision.retry.max-attempts", "10", Kind.number(1, 1_000));
    static final Setting<Duration> MAX_AGE = built("deprovision.retry.max-age", "24h", Kind.duration("1s", "365d"));

    // Requests
    static final Setting<Duration> QUIET = built("deprovision.inbox.quiet", "10s", Kind.duration("100ms", "1h"));
    static final Setting<Optional<String>> DEFAULT_REASON = optional("deprovision.reason.default", Kind.any());
    static final Setting<Optional<Set<String>>> ALLOWED_REASONS = optional("deprovision.reason.allowed", Kind.list());
    static final Setting<Optional<Set<String>>> CARRIED_COLUMNS = optional("deprovision.columns.carried", Kind.list());
    static final Setting<Boolean> RESOLVE = built("deprovision.resolve", "true", Kind.flag());
    static final Setting<Duration> RESOLVE_MAX_AGE =
            built("deprovision.resolve.max-age", "1h", Kind.duration("0s", "30d"));
    static final Setting<Boolean> DRY_RUN = built("deprovision.dry-run", "false", Kind.flag());
    static final Setting<Duration> DUPLICATE_WINDOW =
            built("deprovision.duplicate-window", "30d", Kind.duration("0s", "3650d"));

    // Doubt
    static final Setting<Boolean> RESEND =
            built("deprovision.in-doubt", "hold", Kind.words("hold", "resend").map("resend"::equals));
    static final Setting<List<Duration>> READ_BACK =
            built("deprovision.in-doubt.read-back", "30s,2m,10m,30m", Kind.durations("10ms", "30d"));
    static final Setting<Boolean> VERIFY = built("deprovision.verify", "false", Kind.flag());
    static final Setting<Optional<Justification>> JUSTIFICATION =
            optional("deprovision.approval.justification", Justification.kind());

    // Guard
    static final Setting<Set<String>> OPERATING_SYSTEMS =
            built("deprovision.guard.operating-system", "ChromeOS", Kind.list());
    static final Setting<Integer> MAX_PER_BATCH =
            built("deprovision.guard.max-per-batch", "500", Kind.number(1, 10_000_000));
    static final Setting<Integer> MAX_PER_DAY =
            built("deprovision.guard.max-per-day", "1000", Kind.number(1, 10_000_000));
    static final Setting<Integer> MAX_REFUSED_PERCENT =
            built("deprovision.guard.max-refused-percent", "50", Kind.number(0, 100));
    static final Setting<Optional<Integer>> MAX_FLEET_PERCENT =
            built("deprovision.guard.max-fleet-percent", "off", Kind.percentOrOff());
    static final Setting<Settings.Approval> APPROVAL = built(
            "deprovision.guard.approval",
            "over-limit",
            Kind.words("none", "over-limit", "always")
                    .map(word -> Settings.Approval.valueOf(
                            word.toUpperCase(Locale.ROOT).replace('-', '_'))));
    static final Setting<Boolean> FOUR_EYES = built("deprovision.guard.four-eyes", "false", Kind.flag());
    static final Setting<Optional<AllowedHours>> HOURS =
            optional("deprovision.guard.hours", new Kind<>("must be " + AllowedHours.FORM, AllowedHours::parse));
    static final Setting<Duration> GRACE = built("deprovision.guard.grace", "0s", Kind.duration("0s", "30d"));
    static final Setting<Path> PROTECTED =
            built("deprovision.guard.protected", "config/protected-devices.csv", Kind.path());

    // Broker
    static final Setting<String> BROKER_URL = built(
            "deprovision.broker.url",
            "embedded",
            Kind.text(
                            "embedded, none, or tcp://, amqp:// or amqps:// with host:port and without a user in it",
                            "embedded|none|(tcp|amqps?)://[^@/\\s]+:\\d+[^@\\s]*")
                    .written(url -> url.matches("(?i)embedded|none") ? url.toLowerCase(Locale.ROOT) : url));
    static final Setting<Optional<String>> BROKER_USER = optional("deprovision.broker.user", Kind.any());
    static final Setting<Optional<Secret>> BROKER_PASSWORD = secret("deprovision.broker.password");
    static final Setting<String> BROKER_LISTEN =
            built("deprovision.broker.listen", "127.0.0.1:61616", Kind.hostAndPort());

    // Vault, in Camel's own names
    static final Setting<Optional<String>> VAULT_HOST =
            optional("camel.vault.hashicorp.host", Kind.text("a host name or address", "[A-Za-z0-9.-]+"));
    static final Setting<Integer> VAULT_PORT = built("camel.vault.hashicorp.port", "8200", Kind.number(1, 65_535));
    static final Setting<String> VAULT_SCHEME =
            built("camel.vault.hashicorp.scheme", "https", Kind.text("https, or http for loopback", "https?"));
    static final Setting<Optional<Secret>> VAULT_TOKEN = secret("camel.vault.hashicorp.token");
    static final Setting<Optional<String>> VAULT_NAMESPACE =
            optional("camel.vault.hashicorp.namespace", Kind.text("a namespace of the vault", "[A-Za-z0-9._/-]+"));

    static {
        for (var inFile : new Setting<?>[] {
            AUTHORITY_HOST,
            TENANT_ID,
            CLIENT_ID,
            CLIENT_SECRET,
            CERTIFICATE,
            CERTIFICATE_PASSWORD,
            SEND_CHAIN,
            VAULT_TOKEN
        }) {
            optional(inFile.inFile(), Kind.path());
        }
    }

    private Known() {}

    static Collection<Setting<?>> all() {
        return Collections.unmodifiableCollection(BY_KEY.values());
    }

    /** The setting with this key. */
    static Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    static boolean isKey(String key) {
        return BY_KEY.containsKey(key);
    }

    /** Whether a name is meant for this program: {@code deprovison.data} is, {@code camel.main.name} is not. */
    static boolean isOurs(String name) {
        String group = letters(name.split("[._]", 2)[0]);
        return isKey(name) || name.startsWith(VAULT) || distance(group, "deprovision") <= 2;
    }

    /** The one of these whose name is most like this one, be it written as a key or as an environment variable. */
    static Setting<?> nearest(String name, Collection<Setting<?>> settings) {
        String letters = letters(name);
        return Collections.min(settings, Comparator.comparingInt(setting -> distance(letters, letters(setting.key()))));
    }

    /** How many letters must be inserted, left out or changed to turn one word into the other (Levenshtein). */
    static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        Arrays.setAll(above, column -> column);
        for (int row = 1; row <= one.length(); row++) {
            int[] line = new int[above.length];
            line[0] = row;
            for (int column = 1; column < line.length; column++) {
                int changed = above[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                line[column] = Math.min(changed, Math.min(above[column], line[column - 1]) + 1);
            }
            above = line;
        }
        return above[other.length()];
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static <T> Setting<T> built(String key, String standard, Kind<T> kind) {
        return add(new Setting<>(key, standard, kind, false, isCredential(key)));
    }

    private static <T> Setting<Optional<T>> optional(String key, Kind<T> kind) {
        return add(new Setting<>(key, "", kind.optional(), false, isCredential(key)));
    }

    private static Setting<Optional<Secret>> secret(String key) {
        return add(new Setting<>(key, "", Kind.secret().optional(), true, isCredential(key)));
    }

    private static boolean isCredential(String key) {
        return key.startsWith("AZURE_") || key.startsWith(VAULT) || key.startsWith("deprovision.vault.");
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        BY_KEY.put(setting.key(), setting);
        return setting;
    }
}
