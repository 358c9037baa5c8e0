package org.deprovisioner.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.store.Database;

/** What the settings say of the ledger's database. */
final class LedgerSettings {

    private static final Pattern SSL_MODE = Pattern.compile("[?&]sslmode=([^&]*)");
    private static final Pattern LOOPBACK_ONLY =
            Pattern.compile("jdbc:postgresql://((localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?(,|(?=/)))+/");
    private static final String ONLY_OF_SERVER =
            "is for a ledger of PostgreSQL alone. Leave it out, or set deprovision.ledger.url=jdbc:postgresql://…";

    private final SettingsPass reading;

    LedgerSettings(SettingsPass reading) {
        this.reading = reading;
    }

    /** Where the ledger is; a file's path is made absolute. */
    String url(Path home, Path data) {
        String url = reading.value(KnownSettings.LEDGER_URL).replace("<deprovision.data>", data.toString());
        if (Database.isOfServer(url)) {
            refuseWeakTls(url);
            return url;
        }
        String scheme = "jdbc:sqlite:";
        return scheme + home.resolve(url.substring(scheme.length())).normalize();
    }

    /** Whoever stood between here and the server could read the ledger, and change what is sent. */
    private void refuseWeakTls(String url) {
        Matcher mode = SSL_MODE.matcher(url);
        boolean weak = mode.find() && !mode.group(1).equals("verify-full");
        if (weak && !LOOPBACK_ONLY.matcher(url).lookingAt()) {
            reading.refuse(
                    KnownSettings.LEDGER_URL,
                    "has sslmode=" + mode.group(1) + ", which does not prove that it is the right server. Leave it out"
                            + " (verify-full is used); deprovision.tls.ca-file, or sslrootcert in the URL, names the"
                            + " authority of the server's certificate.");
        }
    }

    /** Who the ledger's server lets in. */
    Settings.SignIn signIn(VaultedSecrets secrets) {
        Optional<String> user = reading.value(KnownSettings.LEDGER_USER);
        Optional<SecretReference> password = secrets.kept(KnownSettings.LEDGER_PASSWORD);
        if (!Database.isOfServer(reading.value(KnownSettings.LEDGER_URL))) {
            user.ifPresent(given -> reading.refuse(KnownSettings.LEDGER_USER, ONLY_OF_SERVER));
            password.ifPresent(given -> reading.refuse(KnownSettings.LEDGER_PASSWORD, ONLY_OF_SERVER));
        }
        return new Settings.SignIn(user, password);
    }
}
