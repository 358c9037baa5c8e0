package org.deprovisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.deprovisioner.report.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a file to start from. */
@Command(
        name = "template",
        footer = "  deprovision template > leavers.csv",
        description = "Print a file to start from: deprovision template > leavers.csv")
final class Template extends Subcommand {

    /** What a file to start from is written in. */
    private enum Format {
        CSV,
        JSONL,
        JSON
    }

    @Option(
            names = "--format",
            paramLabel = "<format>",
            description = "csv, jsonl (JSON Lines) or json (an array); csv unless given.")
    private Format format = Format.CSV;

    @Override
    Exit run() throws IOException {
        try (InputStream template = Objects.requireNonNull(
                Template.class.getResourceAsStream("/template." + format.name().toLowerCase(Locale.ROOT)),
                "The program lacks its templates.")) {
            out().asItIs().print(new String(template.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Exit.DONE;
    }
}
