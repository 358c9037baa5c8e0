package org.deprovisioner.vault;

import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.settings.Settings;

/**
 * How a vault is.
 *
 * @param well whether it can give secrets
 * @param words how it is, or why no answer came
 */
public record VaultHealth(boolean well, String words) {

    /** Asks the vault itself; nothing secret is sent. */
    public static VaultHealth of(Settings.Vault vault) {
        GraphAnswer answer = HashicorpVault.health(vault);
        if (!(answer instanceof GraphAnswer.Http http)) {
            return new VaultHealth(false, "It cannot be reached: " + HashicorpVault.absence(answer) + ".");
        }
        return switch (http.status()) {
            case 200, 429, 472, 473 -> new VaultHealth(true, "It answers and is unsealed.");
            case 501 -> new VaultHealth(false, "It is not initialised.");
            case 503 -> new VaultHealth(false, "It is sealed.");
            default ->
                new VaultHealth(
                        http.status() / 100 == 4, "It answers " + http.status() + " when it is asked how it is.");
        };
    }
}
