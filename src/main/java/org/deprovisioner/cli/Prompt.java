package org.deprovisioner.cli;

import java.util.Optional;

/** Somebody at a terminal who can be asked. */
interface Prompt {

    /** Asks, and gives what was typed without space around it; empty where the terminal is gone. */
    String ask(String question);

    /** Who sits at this process's terminal; empty where there is none, or what goes in or out is a file or pipe. */
    static Optional<Prompt> ofTerminal() {
        return Optional.ofNullable(System.console())
                .map(console -> question -> Optional.ofNullable(console.readLine("%s", question))
                        .orElse("")
                        .strip());
    }
}
