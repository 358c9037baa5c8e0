package org.deprovisioner.cli;

import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.service.DataFolderInUseException;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.store.StoreException;
import org.deprovisioner.store.StoreRefusedException;
import org.deprovisioner.token.TokenException;

/** Why a command ended, in words for whoever started it: what happened, to what, and what to do. */
final class Failure {

    private Failure() {}

    static String words(Exception failure) {
        if (failure instanceof NotDoneException
                || failure instanceof SettingsException
                || failure instanceof StoreException
                || failure instanceof StoreRefusedException
                || failure instanceof DataFolderInUseException) {
            return String.valueOf(failure.getMessage());
        } else if (failure instanceof InterruptedException) {
            return "Interrupted. What was handed over stays where it is.";
        } else if (failure instanceof TokenException token) {
            return token.getMessage() + " " + token.remedy();
        } else if (failure instanceof FileSystemException file) {
            return words(file);
        } else if (failure instanceof BindException taken) {
            return "A port cannot be listened on (" + taken.getMessage()
                    + "). End the program that has it, or set another port.";
        }
        String said = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        return (said.endsWith(".") ? said : "The program failed: " + said + ".")
                + " (--debug shows where it came from.)";
    }

    private static String words(FileSystemException failure) {
        String file = Optional.ofNullable(failure.getFile()).orElse("A file");
        if (failure instanceof NoSuchFileException) {
            return file + " is not there. Check the path, and whether somebody has moved or removed it.";
        } else if (failure instanceof AccessDeniedException) {
            return "The user " + Subcommand.user() + " may not read or write " + file
                    + ". Run this as the user that the service runs as, or name another place.";
        } else if (failure instanceof FileAlreadyExistsException) {
            return file + " is in the way: a file where a folder is needed, or the other way round. Move it away.";
        }
        return file + " cannot be used: "
                + Optional.ofNullable(failure.getReason()).orElse("the system does not say why")
                + ". Check the disk, the path and its rights.";
    }
}
