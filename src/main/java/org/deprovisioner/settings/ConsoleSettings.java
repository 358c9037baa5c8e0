package org.deprovisioner.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** What the settings say of the console. */
final class ConsoleSettings {

    private final SettingsPass reading;
    private final VaultedSecrets secrets;

    ConsoleSettings(SettingsPass reading, VaultedSecrets secrets) {
        this.reading = reading;
        this.secrets = secrets;
    }

    /**
     * The console.
     *
     * @param credentials whether the app's secret must be there; without them it is left empty
     * @param authorityHost where Entra ID is
     * @param reach how Graph is reached
     */
    Settings.Console console(boolean credentials, URI authorityHost, Settings.Graph reach) {
        Optional<String> listen = reading.value(KnownSettings.CONSOLE_LISTEN);
        Optional<Settings.Tls> tls = tls();
        if (tls.isEmpty() && listen.filter(ConsoleSettings::isOpenToTheNetwork).isPresent()) {
            reading.refuse(
                    KnownSettings.CONSOLE_LISTEN,
                    "opens the console to the network, which needs TLS. Set %s and %s, or listen on 127.0.0.1."
                            .formatted(KnownSettings.CONSOLE_CERTIFICATE.key(), KnownSettings.CONSOLE_KEY.key()));
        }
        return new Settings.Console(
                listen,
                url(),
                tls,
                reading.value(KnownSettings.CONSOLE_AUTH).equals("entra")
                        ? Optional.of(entra(credentials, authorityHost, reach))
                        : Optional.empty(),
                reading.value(KnownSettings.CONSOLE_METRICS_TOKEN)
                        .map(file -> reading.readable(KnownSettings.CONSOLE_METRICS_TOKEN, file)));
    }

    private static boolean isOpenToTheNetwork(String listen) {
        return !SettingType.isLoopback(listen.substring(0, listen.lastIndexOf(':')));
    }

    /** The console knows no folder: all its addresses begin at the root of a host. */
    private Optional<URI> url() {
        Optional<URI> url = reading.value(KnownSettings.CONSOLE_URL);
        if (url.map(URI::getPath).filter(path -> !path.isEmpty()).isPresent()) {
            reading.refuse(
                    KnownSettings.CONSOLE_URL,
                    "has a path behind its host. Give the console a host of its own, such as https://console.example.com.");
        }
        return url;
    }

    private Optional<Settings.Tls> tls() {
        Optional<Path> certificate = file(KnownSettings.CONSOLE_CERTIFICATE);
        Optional<Path> key = file(KnownSettings.CONSOLE_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            reading.problem("%s and %s belong together: set both or none."
                    .formatted(KnownSettings.CONSOLE_CERTIFICATE.key(), KnownSettings.CONSOLE_KEY.key()));
        }
        return certificate.flatMap(pem -> key.map(keyPem -> new Settings.Tls(pem, keyPem)));
    }

    private Optional<Path> file(Setting<Optional<Path>> setting) {
        return reading.value(setting).map(file -> reading.readable(setting, file));
    }

    private Settings.Entra entra(boolean credentials, URI authorityHost, Settings.Graph reach) {
        String tenantId = required(KnownSettings.CONSOLE_TENANT_ID);
        String clientId = required(KnownSettings.CONSOLE_CLIENT_ID);
        Optional<SecretReference> secret =
                credentials ? secrets.kept(KnownSettings.CONSOLE_CLIENT_SECRET) : Optional.empty();
        if (credentials && secret.isEmpty()) {
            missing(KnownSettings.CONSOLE_CLIENT_SECRET, ", or %s to a file that holds it");
        }
        return new Settings.Entra(
                tenantId,
                clientId,
                secret.orElse(new SecretReference(new Secret(""), Optional.empty())),
                URI.create(authorityHost + "/" + tenantId),
                reach);
    }

    private String required(Setting<Optional<String>> setting) {
        if (reading.value(setting).isEmpty() && reading.given(setting).isEmpty()) {
            missing(setting, "");
        }
        return reading.value(setting).orElse("");
    }

    private void missing(Setting<?> setting, String orElse) {
        reading.problem("%s is missing, which %s=entra needs. Set it%s."
                .formatted(setting.key(), KnownSettings.CONSOLE_AUTH.key(), orElse.formatted(setting.inFile())));
    }
}
