package org.deprovisioner.vault;

import org.apache.camel.spi.PropertiesFunction;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretStore;
import org.deprovisioner.settings.Settings;

/**
 * Camel's property function {@code {{hashicorp:engine:path#field}}}, under the name, words and settings of Camel's own
 * module {@code camel-hashicorp-vault}, which may take over. Unlike it this one takes no value for what is missing: a
 * secret that is not there is a fault.
 *
 * @see <a href="https://camel.apache.org/components/4.18.x/hashicorp-vault-component.html">Camel's own</a>
 */
public final class HashicorpFunction implements PropertiesFunction, SecretStore {

    private final Settings.Vault vault;

    public HashicorpFunction(Settings.Vault vault) {
        this.vault = vault;
    }

    @Override
    public String getName() {
        return "hashicorp";
    }

    @Override
    public String apply(String reference) {
        return HashicorpVault.read(vault, reference);
    }

    @Override
    public Secret read(String reference) {
        return new Secret(apply(reference));
    }
}
