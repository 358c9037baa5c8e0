package org.deprovisioner.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.UnreadableSecretException;

/**
 * A HashiCorp Vault and the secrets in its engines of the kind KV version 2. Nothing that it answers is repeated in a
 * message.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">Its API</a>
 */
final class HashicorpVault {

    private static final Pattern REFERENCE = Pattern.compile(
            "(?<engine>[A-Za-z0-9._-]+):(?<path>[A-Za-z0-9._/-]+)#(?<field>[^:@]+)(?:@(?<version>\\d{1,9}))?");

    /** Shorter than the time between two probes of a paused tenant. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** A field that stands twice is no secret to sign in with. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HashicorpVault() {}

    /**
     * The text of a field.
     *
     * @param reference {@code engine:path#field}, with {@code @version} where it is not to be the newest
     * @throws UnreadableSecretException when it cannot be had
     */
    static String read(Settings.Vault vault, String reference) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches() || reference.contains("..")) {
            throw refused(
                    "The reference is not of the form engine:path#field.", "Such as {{hashicorp:secret:app#key}}.");
        }
        String path = parts.group("engine") + "/data/" + parts.group("path");
        String query = Optional.ofNullable(parts.group("version"))
                .map(version -> "?version=" + version)
                .orElse("");
        GraphAnswer answer = ask(vault, "/v1/" + path + query, headers(vault));
        if (!(answer instanceof GraphAnswer.Http http)) {
            throw new UnreadableSecretException(
                    "The vault at " + vault.address() + " cannot be reached: " + absence(answer) + ".",
                    "Check camel.vault.hashicorp.host, .port and .scheme, deprovision.tls.ca-file, HTTPS_PROXY and NO_PROXY.",
                    true);
        }
        if (http.status() != 200) {
            throw refusal(vault, http.status(), path);
        }
        return field(vault, http.body(), path, parts.group("field"));
    }

    /** What the vault answers when it is asked how it is; nothing secret is sent. */
    static GraphAnswer health(Settings.Vault vault) {
        return ask(vault, "/v1/sys/health?standbyok=true&perfstandbyok=true", Map.of());
    }

    /** Why no answer came. */
    static String absence(GraphAnswer answer) {
        if (answer instanceof GraphAnswer.Unreachable unreachable) {
            return unreachable.reason();
        }
        return answer instanceof GraphAnswer.NotSent notSent ? notSent.reason() : ((GraphAnswer.Lost) answer).reason();
    }

    private static GraphAnswer ask(Settings.Vault vault, String path, Map<String, String> headers) {
        Settings.Graph reach = vault.reach();
        Duration patience = reach.timeout().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : reach.timeout();
        Settings.Graph bounded = new Settings.Graph(reach.baseUrl(), patience, reach.caFile(), reach.proxy());
        try (DiagnosticClient client = new DiagnosticClient(bounded, Clock.systemUTC())) {
            return client.get(URI.create(vault.address() + path), headers);
        } catch (IllegalArgumentException unusable) {
            throw refused(String.valueOf(unusable.getMessage()), "");
        }
    }

    private static Map<String, String> headers(Settings.Vault vault) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Vault-Request", "true");
        try {
            headers.put("X-Vault-Token", vault.token().now().value());
        } catch (UncheckedIOException unread) {
            throw refused(
                    "The file of the vault's token cannot be read (" + unread.getMessage() + ").",
                    "Check deprovision.vault.token-file.");
        }
        vault.namespace().ifPresent(namespace -> headers.put("X-Vault-Namespace", namespace));
        return headers;
    }

    private static UnreadableSecretException refusal(Settings.Vault vault, int status, String path) {
        String who = "The vault at " + vault.address();
        if (status == 403 || status == 401) {
            return refused(
                    who + " refuses to read " + path + ".",
                    "Check camel.vault.hashicorp.token (it may have ended), and that its policy may read this path.");
        }
        if (status == 404) {
            return refused(
                    who + " has nothing at " + path + ".",
                    "Check engine, path and version; the engine must be of the kind KV version 2.");
        }
        if (status == 503) {
            return new UnreadableSecretException(who + " is sealed.", "Unseal it.", true);
        }
        if (status / 100 == 3) {
            return refused(
                    who + " answers with a redirect, which is never followed with a token.",
                    "Set camel.vault.hashicorp.host to the active node, or to what stands before all nodes.");
        }
        boolean unwell = status == 429 || status >= 500;
        return new UnreadableSecretException(
                who + " answers " + status + ".",
                unwell
                        ? "Look at the vault: it reports a fault of its own."
                        : "Check that it is a vault, and its engine and path.",
                unwell);
    }

    private static String field(Settings.Vault vault, String body, String path, String field) {
        JsonNode data = parsed(vault, body).path("data").path("data");
        JsonNode value = data.path(field);
        if (!value.isTextual() && !value.isNumber()) {
            throw refused(
                    "The vault at " + vault.address() + " has no text in the field " + field + " of " + path + ".",
                    "Check the field's name.");
        }
        String text = value.asText().strip();
        if (text.isEmpty()) {
            throw refused("The field " + field + " of " + path + " in the vault is empty.", "Put the secret there.");
        }
        return text;
    }

    private static JsonNode parsed(Settings.Vault vault, String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException strange) {
            throw new UnreadableSecretException(
                    "What answers at " + vault.address() + " is not a vault.",
                    "Check whether a captive portal or proxy stands between.",
                    true);
        }
    }

    private static UnreadableSecretException refused(String message, String remedy) {
        return new UnreadableSecretException(message, remedy, false);
    }
}
