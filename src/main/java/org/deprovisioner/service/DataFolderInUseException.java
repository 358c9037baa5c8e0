package org.deprovisioner.service;

import java.io.IOException;

/** Another process works on the data folder; the message tells the user which. */
public final class DataFolderInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    DataFolderInUseException(String message) {
        super(message);
    }
}
