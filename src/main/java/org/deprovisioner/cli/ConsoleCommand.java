package org.deprovisioner.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.deprovisioner.console.ConsoleFolder;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens the console. */
@Command(
        name = "console",
        footer = "  deprovision console",
        description =
                "Open the console of the running service in the browser, signed in; or print its address, where no"
                        + " browser can be opened.")
final class ConsoleCommand extends Subcommand {

    @Option(names = "--print", description = "Print the address and open nothing.")
    private boolean print;

    @Override
    Exit run() throws Exception {
        Settings settings = settings().read().settings();
        if (settings.console().listen().isEmpty()) {
            throw new CommandException(
                    Exit.SETTINGS, "There is no console: deprovision.console.listen=off. Set it to 127.0.0.1:8480.");
        } else if (!ServiceLock.isServing(settings.data())) {
            throw new CommandException(
                    Exit.UNREACHABLE, "No service is running, so there is no console. Start it with: deprovision run");
        }
        URI address = address(settings.data())
                .orElseThrow(() -> new CommandException(
                        Exit.UNREACHABLE,
                        "The service runs without its console. Its log says why: most likely the port of"
                                + " deprovision.console.listen is taken by another program."));
        out().printWhole(address.toString());
        if (!print) {
            out().println(
                            opened(settings, address)
                                    ? "It is opened in the browser."
                                    : "Open it in a browser." + howToSignIn(settings));
        }
        return Exit.DONE;
    }

    private static Optional<URI> address(Path data) throws IOException {
        try {
            return ConsoleFolder.address(data);
        } catch (AccessDeniedException ofAnotherUser) {
            throw new CommandException(
                    Exit.UNREACHABLE,
                    "Only the user who runs the service may open its console this way. Open its address in a browser"
                            + " (deprovision.console.listen, deprovision.console.url) and sign in there.");
        }
    }

    private static String howToSignIn(Settings settings) {
        return settings.console().entra().isPresent()
                ? ""
                : " Its password stands in "
                        + settings.data().resolve("console").resolve("password")
                        + ", for the user who runs the service.";
    }

    /** With a password, by a file that signs in once; a person signs in to Entra ID themselves. */
    private static boolean opened(Settings settings, URI address) throws IOException, InterruptedException {
        if (settings.console().entra().isPresent()) {
            return opened(address.toString());
        }
        Optional<Path> file = ConsoleFolder.opening(settings.data(), address);
        return file.isPresent() && opened(file.get().toUri().toString());
    }

    private static boolean opened(String what) throws InterruptedException {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean windows = system.startsWith("windows");
        boolean mac = system.startsWith("mac");
        if (!windows && !mac && System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
            return false;
        }
        List<String> opener = windows
                ? List.of("rundll32", "url.dll,FileProtocolHandler", what)
                : List.of(mac ? "open" : "xdg-open", what);
        try {
            Process process = new ProcessBuilder(opener)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return !process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() == 0;
        } catch (IOException noOpener) {
            return false;
        }
    }
}
