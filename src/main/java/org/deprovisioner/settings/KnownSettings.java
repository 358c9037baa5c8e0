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
final class KnownSettings {

    private static final Map<String, Setting<?>> BY_KEY = new LinkedHashMap<>();
    static final String VAULT = "camel.vault.hashicorp.";
    private static final String GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    // Where
    static final Setting<Path> DATA = built("deprovision.data", "data", SettingType.path());
    static final Setting<Optional<String>> DATA_GROUP = optional("deprovision.data.group", SettingType.group());
    static final Setting<String> LEDGER_URL = built(
            "deprovision.ledger.url",
            "jdbc:sqlite:<deprovision.data>/ledger.db",
            SettingType.text(
                    "jdbc:sqlite: and a file, or jdbc:postgresql://host:port/database without user and password",
                    "jdbc:sqlite:[^:?]([^?]*[^/?])?"
                            + "|jdbc:postgresql://[^/@?\\s]+/[^/@?\\s]+([?](?!(.*&)?(user|password)=)[^@\\s]*)?"));
    static final Setting<Optional<String>> LEDGER_USER = optional("deprovision.ledger.user", SettingType.any());
    static final Setting<Optional<Secret>> LEDGER_PASSWORD = secret("deprovision.ledger.password");
    static final Setting<Optional<String>> NODE = optional(
            "deprovision.node",
            SettingType.text(
                    "a name of letters, digits, dots, dashes and underscores", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}"));

    static final Setting<Optional<Duration>> RETENTION = built(
            "deprovision.retention", "off", SettingType.duration("1d", "3650d").orOff());

    static final Setting<String> LOG_FORMAT =
            built("deprovision.log.format", "text", SettingType.words("text", "json"));

    // Graph
    static final Setting<URI> BASE_URL =
            built("deprovision.graph.base-url", "https://graph.microsoft.com/beta", SettingType.url());
    static final Setting<Duration> TIMEOUT = built("deprovision.timeout", "30s", SettingType.duration("100ms", "10m"));
    static final Setting<Optional<Path>> CA_FILE = optional("deprovision.tls.ca-file", SettingType.path());

    static final Setting<Optional<Settings.Proxy>> HTTPS_PROXY =
            add(new Setting<>("HTTPS_PROXY", "", SettingType.proxy().optional(), true, true));
    static final Setting<Optional<Set<String>>> NO_PROXY =
            add(new Setting<>("NO_PROXY", "", SettingType.list().optional(), false, true));

    // Sign-in
    static final Setting<Cloud> CLOUD = built("deprovision.cloud", "global", Cloud.kind());
    static final Setting<String> AUTH = built(
            "deprovision.auth",
            "client-secret",
            SettingType.words(
                    "client-secret", "client-certificate", "managed-identity", "workload-identity", "device-code"));
    static final Setting<Optional<URI>> AUTHORITY = optional("deprovision.authority", SettingType.url());
    static final Setting<URI> AUTHORITY_HOST = built(
            "AZURE_AUTHORITY_HOST",
            "https://login.microsoftonline.com",
            SettingType.url().written(host -> host.contains("://") ? host : "https://" + host));
    static final Setting<Optional<String>> TENANT_ID = optional(
            "AZURE_TENANT_ID", SettingType.text("the directory (tenant) id, a GUID, or a domain of the tenant", NAME));
    static final Setting<Optional<String>> CLIENT_ID =
            optional("AZURE_CLIENT_ID", SettingType.text("the application (client) id, a GUID", NAME));
    static final Setting<Optional<Secret>> CLIENT_SECRET = secret("AZURE_CLIENT_SECRET");
    static final Setting<Optional<Path>> CERTIFICATE = optional("AZURE_CLIENT_CERTIFICATE_PATH", SettingType.path());
    static final Setting<Optional<Secret>> CERTIFICATE_PASSWORD = secret("AZURE_CLIENT_CERTIFICATE_PASSWORD");
    static final Setting<Boolean> SEND_CHAIN =
            built("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "false", SettingType.flag());
    static final Setting<Optional<Path>> FEDERATED_TOKEN = optional("AZURE_FEDERATED_TOKEN_FILE", SettingType.path());

    // Pace
    static final Setting<Integer> WRITES = built("deprovision.quota.requests", "200", SettingType.number(1, 1_000_000));
    static final Setting<Duration> WINDOW =
            built("deprovision.quota.window", "20s", SettingType.duration("100ms", "1d"));
    static final Setting<Integer> READS = built("deprovision.quota.reads", "1800", SettingType.number(1, 1_000_000));
    static final Setting<Integer> CONCURRENCY = built("deprovision.concurrency", "16", SettingType.number(1, 1_000));
    static final Setting<Settings.Mode> MODE = built(
            "deprovision.mode",
            "single",
            SettingType.words("single", "batch", "bulk")
                    .map(mode -> Settings.Mode.valueOf(mode.toUpperCase(Locale.ROOT))));
    static final Setting<Integer> BULK_SIZE = built("deprovision.bulk.size", "100", SettingType.number(1, 100));
    static final Setting<Integer> MAX_ATTEMPTS =
            built("deprovision.retry.max-attempts", "10", SettingType.number(1, 1_000));
    static final Setting<Duration> MAX_AGE =
            built("deprovision.retry.max-age", "24h", SettingType.duration("1s", "365d"));

    // Requests
    static final Setting<Duration> QUIET = built("deprovision.inbox.quiet", "10s", SettingType.duration("100ms", "1h"));
    static final Setting<Optional<String>> DEFAULT_REASON = optional("deprovision.reason.default", SettingType.any());
    static final Setting<Optional<Set<String>>> ALLOWED_REASONS =
            optional("deprovision.reason.allowed", SettingType.list());
    static final Setting<Optional<Set<String>>> CARRIED_COLUMNS =
            optional("deprovision.columns.carried", SettingType.list());
    static final Setting<Boolean> RESOLVE = built("deprovision.resolve", "true", SettingType.flag());
    static final Setting<Duration> RESOLVE_MAX_AGE =
            built("deprovision.resolve.max-age", "1h", SettingType.duration("0s", "30d"));
    static final Setting<Boolean> DRY_RUN = built("deprovision.dry-run", "false", SettingType.flag());
    static final Setting<Duration> DUPLICATE_WINDOW =
            built("deprovision.duplicate-window", "30d", SettingType.duration("0s", "3650d"));

    // Doubt
    static final Setting<Boolean> RESEND = built(
            "deprovision.in-doubt", "hold", SettingType.words("hold", "resend").map("resend"::equals));
    static final Setting<List<Duration>> READ_BACK =
            built("deprovision.in-doubt.read-back", "30s,2m,10m,30m", SettingType.durations("10ms", "30d"));
    static final Setting<Boolean> VERIFY = built("deprovision.verify", "false", SettingType.flag());
    static final Setting<Optional<Justification>> JUSTIFICATION =
            optional("deprovision.approval.justification", Justification.kind());

    // Guard
    static final Setting<Set<String>> OPERATING_SYSTEMS =
            built("deprovision.guard.operating-system", "ChromeOS", SettingType.list());
    static final Setting<Integer> MAX_PER_BATCH =
            built("deprovision.guard.max-per-batch", "500", SettingType.number(1, 10_000_000));
    static final Setting<Integer> MAX_PER_DAY =
            built("deprovision.guard.max-per-day", "1000", SettingType.number(1, 10_000_000));
    static final Setting<Integer> MAX_REFUSED_PERCENT =
            built("deprovision.guard.max-refused-percent", "50", SettingType.number(0, 100));
    static final Setting<Optional<Integer>> MAX_FLEET_PERCENT =
            built("deprovision.guard.max-fleet-percent", "off", SettingType.percentOrOff());
    static final Setting<Settings.ApprovalRule> APPROVAL = built(
            "deprovision.guard.approval",
            "over-limit",
            SettingType.words("none", "over-limit", "always")
                    .map(word -> Settings.ApprovalRule.valueOf(
                            word.toUpperCase(Locale.ROOT).replace('-', '_'))));
    static final Setting<Boolean> FOUR_EYES = built("deprovision.guard.four-eyes", "false", SettingType.flag());
    static final Setting<Optional<Path>> PEOPLE = optional("deprovision.guard.people", SettingType.path());
    static final Setting<Optional<AllowedHours>> HOURS =
            optional("deprovision.guard.hours", new SettingType<>("must be " + AllowedHours.FORM, AllowedHours::parse));
    static final Setting<Duration> GRACE = built("deprovision.guard.grace", "0s", SettingType.duration("0s", "30d"));
    static final Setting<Path> PROTECTED =
            built("deprovision.guard.protected", "config/protected-devices.csv", SettingType.path());

    // Broker
    static final Setting<String> BROKER_URL = built(
            "deprovision.broker.url",
            "embedded",
            SettingType.text(
                            "embedded, none, or tcp://, amqp:// or amqps:// with host:port and without a user in it",
                            "embedded|none|(tcp|amqps?)://[^@/\\s]+:\\d+[^@\\s]*")
                    .written(url -> url.matches("(?i)embedded|none") ? url.toLowerCase(Locale.ROOT) : url));
    static final Setting<Optional<String>> BROKER_USER = optional("deprovision.broker.user", SettingType.any());
    static final Setting<Optional<Secret>> BROKER_PASSWORD = secret("deprovision.broker.password");
    static final Setting<String> BROKER_LISTEN =
            built("deprovision.broker.listen", "127.0.0.1:61616", SettingType.hostAndPort());

    // Console
    static final Setting<Optional<String>> CONSOLE_LISTEN = built(
            "deprovision.console.listen",
            "127.0.0.1:8480",
            SettingType.hostAndPort().orOff());
    static final Setting<String> CONSOLE_AUTH =
            built("deprovision.console.auth", "password", SettingType.words("password", "entra"));
    static final Setting<Optional<URI>> CONSOLE_URL = optional("deprovision.console.url", SettingType.url());
    static final Setting<Optional<Path>> CONSOLE_CERTIFICATE =
            optional("deprovision.console.tls.certificate", SettingType.path());
    static final Setting<Optional<Path>> CONSOLE_KEY = optional("deprovision.console.tls.key", SettingType.path());
    static final Setting<Optional<String>> CONSOLE_TENANT_ID =
            optional("deprovision.console.tenant-id", SettingType.text("the directory (tenant) id, a GUID", GUID));
    static final Setting<Optional<String>> CONSOLE_CLIENT_ID =
            optional("deprovision.console.client-id", SettingType.text("the application (client) id, a GUID", GUID));
    static final Setting<Optional<Secret>> CONSOLE_CLIENT_SECRET = secret("deprovision.console.client-secret");
    static final Setting<Optional<Path>> CONSOLE_METRICS_TOKEN =
            optional("deprovision.console.metrics-token-file", SettingType.path());
    // Notifications
    static final Setting<Optional<Secret>> WEBHOOK = add(new Setting<>(
            "deprovision.notifications.webhook", "", SettingType.secretUrl().optional(), true, true));
    static final Setting<Optional<Secret>> WEBHOOK_SECRET = add(new Setting<>(
            "deprovision.notifications.webhook-secret", "", SettingType.secret().optional(), true, true));
    static final Setting<Integer> AFTER_DEAD_LETTERS =
            built("deprovision.notifications.after-dead-letters", "1", SettingType.number(1, 1_000_000));

    // Vault, in Camel's own names
    static final Setting<Optional<String>> VAULT_HOST =
            optional("camel.vault.hashicorp.host", SettingType.text("a host name or address", "[A-Za-z0-9.-]+"));
    static final Setting<Integer> VAULT_PORT =
            built("camel.vault.hashicorp.port", "8200", SettingType.number(1, 65_535));
    static final Setting<String> VAULT_SCHEME =
            built("camel.vault.hashicorp.scheme", "https", SettingType.text("https, or http for loopback", "https?"));
    static final Setting<Optional<Secret>> VAULT_TOKEN = secret("camel.vault.hashicorp.token");
    static final Setting<Optional<String>> VAULT_NAMESPACE = optional(
            "camel.vault.hashicorp.namespace", SettingType.text("a namespace of the vault", "[A-Za-z0-9._/-]+"));

    static {
        for (var inFile : new Setting<?>[] {
            AUTHORITY_HOST,
            TENANT_ID,
            CLIENT_ID,
            CLIENT_SECRET,
            CERTIFICATE,
            CERTIFICATE_PASSWORD,
            SEND_CHAIN,
            CONSOLE_CLIENT_SECRET,
            VAULT_TOKEN,
            LEDGER_PASSWORD,
            WEBHOOK,
            WEBHOOK_SECRET
        }) {
            optional(inFile.inFile(), SettingType.path());
        }
    }

    private KnownSettings() {}

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

    /**
     * Whether a variable or property is meant for this program, in whatever way it is written: a wish that is not heard,
     * such as {@code deprovision_dry_run}, may send. The names that others give, such as {@code DEPROVISIONER_PORT}, are not.
     */
    static boolean isMeantForUs(String name) {
        return distance(letters(name.split("[._-]", 2)[0]), "deprovision") <= 1;
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

    /** A name in small letters and digits alone. */
    static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static <T> Setting<T> built(String key, String standard, SettingType<T> kind) {
        return add(new Setting<>(key, standard, kind, false, isCredential(key)));
    }

    private static <T> Setting<Optional<T>> optional(String key, SettingType<T> kind) {
        return add(new Setting<>(key, "", kind.optional(), false, isCredential(key)));
    }

    private static Setting<Optional<Secret>> secret(String key) {
        return add(new Setting<>(key, "", SettingType.secret().optional(), true, isCredential(key)));
    }

    private static boolean isCredential(String key) {
        return key.startsWith("AZURE_")
                || key.startsWith(VAULT)
                || key.startsWith("deprovision.vault.")
                || key.startsWith("deprovision.console.client-secret")
                || key.startsWith("deprovision.notifications.webhook");
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        BY_KEY.put(setting.key(), setting);
        return setting;
    }
}
