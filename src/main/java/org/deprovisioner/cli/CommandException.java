package org.deprovisioner.cli;

import org.deprovisioner.report.Exit;

/** A command cannot do what it was asked; the message is what the user sees. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Exit exit;

    CommandException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    Exit exit() {
        return exit;
    }
}
