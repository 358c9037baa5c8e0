package org.deprovisioner.vault;

import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.deprovisioner.settings.Settings;

/** Wires the vault's property function, so that a user's own routes may refer to what lies there. */
public final class VaultConfiguration implements CamelConfiguration {

    private final Settings settings;

    public VaultConfiguration(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void configure(CamelContext camel) {
        settings.vault().map(HashicorpFunction::new).ifPresent(camel.getPropertiesComponent()::addPropertiesFunction);
    }
}
