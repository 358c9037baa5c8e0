package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.report.Exit;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.service.Outline;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;

/** Asks who sits at a terminal before something is sent: what it is, and for the number of its rows. */
final class Confirmation {

    private static final int SHOWN = 10;

    private final Settings settings;
    private final Terminal out;

    Confirmation(Settings settings, Terminal out) {
        this.settings = settings;
        this.out = out;
    }

    /**
     * Shows what a file would send, and wants the number of its rows typed.
     *
     * @param who who would send it, as the subject of a sentence
     * @return the digest of what was shown; empty where nothing of the file can be sent
     * @throws CommandException when another number is typed
     */
    Optional<String> ask(Path file, String who, Prompt prompt) throws IOException {
        Outline outline;
        try {
            outline = Outline.of(file, settings);
        } catch (UnusableFileException rejectedAsAWhole) {
            return Optional.empty(); // its hand-over says why
        }
        out.println("%s of %s: %s.".formatted(who, file, Counted.of(outline.rows(), "row")));
        print("By reason (it can decide on licences):", outline.reasons());
        if (settings.tenants().size() > 1) {
            print("By tenant:", outline.tenants());
        }
        if (outline.invalid() > 0) {
            out.println("%s cannot be understood, and %s refused."
                    .formatted(Counted.of(outline.invalid(), "row"), outline.invalid() == 1 ? "is" : "are"));
        }
        out.println("It cannot be undone remotely: each device must be factory reset by hand to come back.");
        out.println("'deprovision plan' shows each device first.");
        out.flush();
        String typed = prompt.ask("Type the number of rows to go on: ");
        if (!typed.replace(",", "").equals(String.valueOf(outline.rows()))) {
            throw new CommandException(
                    Exit.USAGE,
                    typed.isEmpty()
                            ? "No number was typed, so nothing is handed over."
                            : "'" + typed + "' is not the number of rows, so nothing is handed over.");
        }
        return Optional.of(outline.sha256());
    }

    private void print(String heading, Map<String, Long> counts) {
        if (counts.isEmpty()) {
            return;
        }
        out.println(heading);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .forEach(one -> out.println("  %,7d %s".formatted(one.getValue(), one.getKey())));
        if (counts.size() > SHOWN) {
            out.println("  and %,d more".formatted(counts.size() - SHOWN));
        }
    }
}
