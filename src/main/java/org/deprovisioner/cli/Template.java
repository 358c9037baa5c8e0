package org.deprovisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.Command;

/** Prints a CSV to start from. */
@Command(name = "template", description = "Print a CSV to start from: deprovision template > leavers.csv")
final class Template extends Subcommand {

    @Override
    Exit run() throws IOException {
        try (InputStream template = Objects.requireNonNull(
                Template.class.getResourceAsStream("/template.csv"), "The program lacks its template.csv.")) {
            out().print(new String(template.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Exit.DONE;
    }
}
