package org.deprovisioner.cli;

import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;

/** A command cannot do what it was asked; the message is what the user sees. */
final class CommandException extends NotDoneException {

    private static final long serialVersionUID = 1L;

    CommandException(Exit exit, String message) {
        super(exit, message);
    }
}
