package org.deprovisioner.doctor;

import java.util.List;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.vault.VaultHealth;

/** The vault: whether it answers. Each secret that a setting refers to was read in it when the settings were. */
public final class VaultCheck implements Check {

    private final Settings.Vault vault;

    public VaultCheck(Settings.Vault vault) {
        this.vault = vault;
    }

    @Override
    public List<Remark> look() {
        VaultHealth health = VaultHealth.of(vault);
        String where = vault.address().toString();
        return List.of(
                health.well()
                        ? Remark.ok("vault", where, health.words())
                        : Remark.unreachable(
                                "vault",
                                where,
                                health.words(),
                                "Look at the vault; check camel.vault.hashicorp.*, deprovision.tls.ca-file and"
                                        + " HTTPS_PROXY."));
    }
}
