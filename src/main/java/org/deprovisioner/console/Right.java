package org.deprovisioner.console;

/** What a person may do in the console, or by its API. */
enum Right {
    READ,
    PAUSE,
    /** To hand over. */
    SUBMIT,
    CANCEL,
    REPLAY,
    RESUME,
    APPROVE,
    /** To send what the ledger or Graph says was done already. */
    FORCE
}
