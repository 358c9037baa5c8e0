package org.deprovisioner.settings;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets that a setting refers to in Camel's words, {@code {{hashicorp:engine:path#field}}}. For commands that call Graph
 * each is read once, so that what cannot be had stops the start; it is read again whenever it is needed.
 */
final class VaultedSecrets {

    private static final Pattern REFERENCE = Pattern.compile("\\{\\{([A-Za-z][A-Za-z0-9-]*):(.*)}}");
    private static final String HASHICORP = "hashicorp";

    private final SettingsPass reading;
    private final Optional<SecretStore> store;
    private final boolean readNow;
    private Optional<UnreadableSecretException> gone = Optional.empty();

    /** @param readNow whether each is read at once; without that none is asked for before it is needed */
    VaultedSecrets(
            SettingsPass reading,
            Optional<Settings.Vault> vault,
            Function<Settings.Vault, SecretStore> stores,
            boolean readNow) {
        this.reading = reading;
        this.store = vault.map(stores);
        this.readNow = readNow;
    }

    /** A secret that may lie in a vault or a file; empty where it is not set. */
    Optional<SecretReference> kept(Setting<Optional<Secret>> setting) {
        return reading.value(setting).map(secret -> {
            Matcher reference = REFERENCE.matcher(secret.value());
            return reference.matches()
                    ? referred(setting, reference.group(1), reference.group(2))
                    : new SecretReference(secret, reading.fileOf(setting));
        });
    }

    private SecretReference referred(Setting<?> setting, String vault, String reference) {
        Supplier<Secret> asked =
                () -> store.orElseThrow(VaultedSecrets::notAsked).read(reference);
        Secret atStart = new Secret("");
        if (!vault.equals(HASHICORP)) {
            reading.refuse(
                    setting,
                    "names the vault " + vault + ", which is not known. Write {{hashicorp:engine:path#field}}.");
        } else if (readNow && store.isEmpty()) {
            reading.refuse(setting, "lies in a vault. Set camel.vault.hashicorp.host and camel.vault.hashicorp.token.");
        } else if (readNow) {
            try {
                atStart = readOnce(asked);
            } catch (UnreadableSecretException unread) {
                reading.refuse(setting, "cannot be read. " + unread.getMessage() + " " + unread.remedy());
            }
        }
        return new SecretReference(atStart, Optional.empty(), Optional.of(asked));
    }

    /** A vault that does not answer is not waited for again for the next secret. */
    private Secret readOnce(Supplier<Secret> asked) {
        gone.ifPresent(before -> {
            throw before;
        });
        try {
            return asked.get();
        } catch (UnreadableSecretException unread) {
            gone = Optional.of(unread).filter(UnreadableSecretException::isUnreachable);
            throw unread;
        }
    }

    private static UnreadableSecretException notAsked() {
        return new UnreadableSecretException(
                "The vault is not asked before all settings can be used.", "Fix them first.", false);
    }
}
