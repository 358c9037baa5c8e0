package org.deprovisioner.doctor;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.doctor.Remark.Level;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.token.Tokens;

/** Looks at everything that the service needs, one thing after the other; nothing is sent but a read. */
public final class Examination {

    /** Whether a service works on a data folder. */
    @FunctionalInterface
    public interface Held {
        boolean isHeld(Settings settings) throws Exception;
    }

    private final SettingsReader reader;
    private final Held held;
    private final Consumer<Configuration> read;
    private final Consumer<Remark> said;
    private boolean dataIsUnusable;

    /**
     * An examination that has not begun.
     *
     * @param read is given the settings once they were read, before anything is looked at
     * @param said is given each remark as soon as it is made
     */
    public Examination(SettingsReader reader, Held held, Consumer<Configuration> read, Consumer<Remark> said) {
        this.reader = reader;
        this.held = held;
        this.read = read;
        this.said = said;
    }

    /** Looks at everything. */
    public void look() throws Exception {
        try {
            look(reader.readWithCredentials(), true);
        } catch (SettingsException problems) {
            say(problems);
            try {
                look(reader.read(), false);
            } catch (SettingsException unusable) {
                // said already; without settings there is nothing more to look at
            }
        }
    }

    private void look(Configuration configuration, boolean withCredentials) throws Exception {
        read.accept(configuration);
        Settings settings = configuration.settings();
        Clock clock = Clock.systemUTC();
        if (withCredentials) {
            said.accept(new Remark(
                    "settings",
                    "",
                    Level.OK,
                    "They can be used. Tenants: "
                            + String.join(", ", settings.tenants().keySet()) + "; Graph: "
                            + settings.graph().baseUrl() + ".",
                    ""));
        }
        look(new FoldersCheck(configuration));
        look(new ServiceUserCheck(settings, System.getProperty("user.name", "somebody")));
        look(new ProtectedListCheck(settings));
        if (!dataIsUnusable) {
            look(new LedgerCheck(settings, clock));
            look(new BrokerCheck(settings, held.isHeld(settings)));
        }
        for (Settings.Vault vault : settings.vault().stream().toList()) {
            look(new VaultCheck(vault));
        }
        if (withCredentials) {
            lookAround(settings, clock);
        }
    }

    private void lookAround(Settings settings, Clock clock) throws Exception {
        try (DiagnosticClient diagnostics = new DiagnosticClient(settings.graph(), clock)) {
            for (URI host : hosts(settings)) {
                look(new HostCheck(diagnostics, host));
            }
            lookAtTenants(settings, diagnostics, clock);
        } catch (IllegalArgumentException unusable) {
            said.accept(new Remark("settings", "", Level.WRONG, String.valueOf(unusable.getMessage()), ""));
        }
    }

    private void lookAtTenants(Settings settings, DiagnosticClient diagnostics, Clock clock) throws Exception {
        try (GraphHttp http = new GraphHttp(settings.graph(), 1);
                CloseableHttpClient client = http.client();
                Tokens tokens = new Tokens(
                        settings.tenants(), settings.graph().baseUrl(), settings.data(), client, clock, new Random())) {
            for (Settings.Tenant tenant : settings.tenants().values()) {
                look(new TenantCheck(settings, tenant, tokens, diagnostics, clock));
            }
            look(new UnmatchedRulesCheck(settings, tokens, diagnostics));
        }
    }

    /** Graph's host, and those that are signed in at. */
    private static Set<URI> hosts(Settings settings) {
        Set<URI> hosts = new LinkedHashSet<>();
        hosts.add(settings.graph().baseUrl().resolve("/"));
        settings.tenants().values().stream()
                .filter(tenant -> !(tenant.credential() instanceof Credential.ManagedIdentity))
                .forEach(tenant -> hosts.add(tenant.authority().resolve("/")));
        return hosts;
    }

    private void look(Check check) throws Exception {
        for (Remark remark : check.look()) {
            dataIsUnusable |= FoldersCheck.isOfUnusableData(remark);
            said.accept(remark);
        }
    }

    private void say(SettingsException problems) {
        problems.problems().forEach(problem -> said.accept(new Remark("settings", "", Level.WRONG, problem, "")));
        said.accept(new Remark(
                "settings",
                "",
                Level.WARNING,
                "The hosts and the sign-in are not looked at before the settings can be used.",
                "Fix them, then run this again."));
    }
}
