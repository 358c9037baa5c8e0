package org.deprovisioner.cli;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.doctor.BrokerCheck;
import org.deprovisioner.doctor.Check;
import org.deprovisioner.doctor.FoldersCheck;
import org.deprovisioner.doctor.HostCheck;
import org.deprovisioner.doctor.LedgerCheck;
import org.deprovisioner.doctor.ProtectedListCheck;
import org.deprovisioner.doctor.Remark;
import org.deprovisioner.doctor.Remark.Level;
import org.deprovisioner.doctor.ServiceUserCheck;
import org.deprovisioner.doctor.TenantCheck;
import org.deprovisioner.doctor.UnmatchedRulesCheck;
import org.deprovisioner.doctor.VaultCheck;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.token.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything that the service needs, and says what is wrong and how to fix it. */
@Command(
        name = "doctor",
        footer = "  deprovision doctor",
        description =
                "Check settings, folders, ledger, broker, vault, name service, proxy, TLS, clock, sign-in, permissions and"
                        + " licence, each with its remedy. Nothing is sent but a read. Exit code 3: something is wrong; 5:"
                        + " something cannot be reached.")
final class Doctor extends Subcommand {

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final List<Remark> remarks = new ArrayList<>();

    @Override
    Exit run() throws Exception {
        try {
            look(settings().readWithCredentials(), true);
        } catch (SettingsException problems) {
            add(problems);
            try {
                look(settings().read(), false);
            } catch (SettingsException unusable) {
                // said already; without settings there is nothing more to look at
            }
        }
        Exit exit = exit();
        if (json) {
            out().println(ReportJson.write(
                    Map.of("checks", remarks.stream().map(Doctor::json).toList(), "exitCode", exit.code())));
        }
        return exit;
    }

    private void look(Configuration configuration, boolean withCredentials) throws Exception {
        startLogging(configuration, false);
        Settings settings = configuration.settings();
        Clock clock = Clock.systemUTC();
        if (withCredentials) {
            add(new Remark(
                    "settings",
                    "",
                    Level.OK,
                    "They can be used. Tenants: "
                            + String.join(", ", settings.tenants().keySet()) + "; Graph: "
                            + settings.graph().baseUrl() + ".",
                    ""));
        }
        look(new FoldersCheck(configuration));
        look(new ServiceUserCheck(settings, user()));
        look(new ProtectedListCheck(settings));
        if (remarks.stream().noneMatch(FoldersCheck::isOfUnusableData)) {
            look(new LedgerCheck(settings, clock));
            look(new BrokerCheck(settings, ServiceLock.isHeld(settings.data())));
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
            add(new Remark("settings", "", Level.WRONG, String.valueOf(unusable.getMessage()), ""));
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
        check.look().forEach(this::add);
    }

    private void add(SettingsException problems) {
        problems.problems().forEach(problem -> add(new Remark("settings", "", Level.WRONG, problem, "")));
        add(new Remark(
                "settings",
                "",
                Level.WARNING,
                "The hosts and the sign-in are not looked at before the settings can be used.",
                "Fix them, then run this again."));
    }

    private void add(Remark remark) {
        remarks.add(remark);
        if (!json) {
            String subject = remark.subject().isEmpty() ? "" : " (" + remark.subject() + ")";
            out().println("%-8s %s%s: %s".formatted(remark.level().word(), remark.check(), subject, remark.words()));
            if (!remark.remedy().isEmpty()) {
                out().println("         -> " + remark.remedy());
            }
            out().flush();
        }
    }

    private Exit exit() {
        if (remarks.stream().anyMatch(remark -> remark.level() == Level.WRONG)) {
            return Exit.SETTINGS;
        }
        return remarks.stream().anyMatch(remark -> remark.level() == Level.UNREACHABLE) ? Exit.UNREACHABLE : Exit.DONE;
    }

    private static Map<String, String> json(Remark remark) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("check", remark.check());
        line.put("subject", remark.subject());
        line.put("level", remark.level().word());
        line.put("words", remark.words());
        line.put("remedy", remark.remedy());
        return line;
    }
}
