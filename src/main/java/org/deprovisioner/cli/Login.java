package org.deprovisioner.cli;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.report.Exit;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.token.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Signs a person in. */
@Command(
        name = "login",
        footer = "  deprovision login --tenant school",
        description = "Sign in by a code typed into a browser, where the tenant uses a person's permissions"
                + " (deprovision.auth=device-code). The sign-in is kept for the service, readable for this user alone.")
final class Login extends Subcommand {

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Which tenant; the only one unless given.")
    private Optional<String> named = Optional.empty();

    @Override
    Exit run() throws Exception {
        Configuration configuration = settings().readWithCredentials();
        startLogging(configuration, Logging.To.CONSOLE);
        Settings settings = configuration.settings();
        String tenant = tenant(settings);
        OwnerAlone.passableFolder(settings.data());
        try (GraphHttp http = new GraphHttp(settings.graph(), 1);
                CloseableHttpClient client = http.client();
                Tokens tokens = new Tokens(
                        settings.tenants(),
                        settings.graph().baseUrl(),
                        settings.data(),
                        client,
                        Clock.systemUTC(),
                        new Random())) {
            String who = tokens.login(tenant, words -> {
                out().println(words);
                out().flush();
            });
            out().println("Signed in as " + who + " for the tenant '" + tenant + "'. It is kept in "
                    + settings.data().resolve("login") + ", for the user " + user()
                    + " alone, and renewed by itself. A running service uses it within half a minute.");
        }
        return Exit.DONE;
    }

    private String tenant(Settings settings) {
        List<String> possible = settings.tenants().values().stream()
                .filter(tenant -> tenant.credential() instanceof Credential.DeviceCode)
                .map(Settings.Tenant::name)
                .filter(name -> named.map(name::equals).orElse(true))
                .toList();
        if (possible.size() == 1) {
            return possible.get(0);
        }
        throw possible.isEmpty()
                ? new CommandException(
                        Exit.SETTINGS,
                        "No%s tenant signs in as a person. Set deprovision.auth=device-code, or the tenant's own auth."
                                .formatted(named.map(name -> " such").orElse("")))
                : new CommandException(
                        Exit.USAGE,
                        "Several tenants sign in as a person. Name one with --tenant: " + String.join(", ", possible)
                                + ".");
    }
}
