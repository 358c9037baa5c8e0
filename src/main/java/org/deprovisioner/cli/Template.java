package org.deprovisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.deprovisioner.report.Exit;

/** Prints a file to start from. */
final class Template extends Subcommand {

    /** What a file to start from is written in. */
    private enum Format {
        CSV,
        JSONL,
        JSON
    }

    private final Argument<Format> format = takes(Argument.optionWithDefault(
            Format.CSV, "--format", "<format>", "csv, jsonl (JSON Lines) or json (an array); csv unless given."));

    Template() {
        super("template", "Print a file to start from: deprovision template > leavers.csv");
    }

    @Override
    Exit run() throws IOException {
        try (InputStream template = Objects.requireNonNull(
                Template.class.getResourceAsStream(
                        "/template." + format.get().name().toLowerCase(Locale.ROOT)),
                "The program lacks its templates.")) {
            out().asItIs().print(new String(template.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Exit.DONE;
    }
}
