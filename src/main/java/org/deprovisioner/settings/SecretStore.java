package org.deprovisioner.settings;

/** Where secrets lie that settings only refer to, such as a vault. */
@FunctionalInterface
public interface SecretStore {

    /**
     * The secret that a reference leads to now.
     *
     * @param reference of the form {@code engine:path#field}
     * @throws UnreadableSecretException when it cannot be had: it says why and what to do
     */
    Secret read(String reference);
}
