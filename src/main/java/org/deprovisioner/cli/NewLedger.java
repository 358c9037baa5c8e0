package org.deprovisioner.cli;

import picocli.CommandLine.Option;

/** The option that says that a ledger is to be made although there was one before. */
final class NewLedger {

    @Option(
            names = "--new-ledger",
            description = "Make a new ledger although there was one: only where the old one is lost for good, for a new"
                    + " one knows of nothing that was done.")
    private boolean meant;

    boolean isMeant() {
        return meant;
    }
}
