package org.deprovisioner.cli;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.audit.NodeId;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Machine;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.service.NodeSettings;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.StoreRefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The machines that share a ledger. */
@Command(
        name = "node",
        footer = "  deprovision node",
        description = "Show the machines that share this ledger, take over what one left that is gone, or take this"
                + " machine's settings for those of all.",
        subcommands = {NodeCommand.Adopt.class, NodeCommand.AcceptSettings.class})
final class NodeCommand extends LedgerCommand {

    @Option(names = "--json", description = "Print one JSON array.")
    private boolean json;

    @Override
    Exit run(Settings settings, Ledger ledger) {
        List<Machine> machines = Machine.all(ledger);
        if (json) {
            out().println(ReportJson.write(machines));
        } else if (machines.isEmpty()) {
            out().println(
                            settings.ledgerIsShared()
                                    ? "No machine has joined this ledger yet: 'deprovision run' does."
                                    : "The ledger is a file, so this machine is the only one. Several share a ledger of"
                                            + " PostgreSQL: deprovision.ledger.url.");
        } else {
            machines.forEach(machine -> out().println(machine.sentence()));
        }
        return Exit.DONE;
    }

    private static void refuseFile(Settings settings) {
        if (!settings.ledgerIsShared()) {
            throw new CommandException(
                    Exit.USAGE, "The ledger is a file, so this machine is the only one. Nothing was changed.");
        }
    }

    /** Takes over from a machine that is gone for good. */
    @Command(
            name = "adopt",
            footer = "  deprovision node adopt east",
            description =
                    "Take over what a machine left that is gone: its protected list and its STOP file hold no longer,"
                            + " results of its batches appear here, and what it had read of a file is held.")
    static final class Adopt extends LedgerCommand {

        @Parameters(paramLabel = "NAME", description = "The machine, as 'deprovision node' names it.")
        private String name = "";

        @Override
        Exit run(Settings settings, Ledger ledger) throws Exception {
            refuseFile(settings);
            try {
                Nodes.Adopted adopted = ledger.nodes()
                        .adopt(name, NodeId.of(settings.data()), user())
                        .orElseThrow(() -> new CommandException(
                                Exit.USAGE, "No machine is called '" + name + "'. 'deprovision node' names them."));
                out().printf(
                                "Machine %s is adopted. The results of its %,d %s appear below %s from now on.%n",
                                name, adopted.batches(), adopted.batches() == 1 ? "batch" : "batches", settings.data());
                adopted.cutOff()
                        .forEach(batch -> out().println("Batch " + batch
                                + " was read in part only: what was read is held once it was looked at."));
                return Exit.DONE;
            } catch (StoreRefusedException lives) {
                throw new CommandException(Exit.USAGE, String.valueOf(lives.getMessage()));
            }
        }
    }

    /** Takes this machine's settings for those of all. */
    @Command(
            name = "accept-settings",
            footer = "  deprovision node accept-settings",
            description =
                    "Take this machine's guards, limits, quotas and tenants for those that all work by. Machines with"
                            + " others stand by from then on.")
    static final class AcceptSettings extends LedgerCommand {

        @Override
        Exit run(Settings withoutCredentials, Ledger ledger) throws Exception {
            refuseFile(withoutCredentials);
            Nodes.Self self = NodeSettings.self(settings().readWithCredentials());
            Optional<Nodes.Agreed> before = ledger.nodes().agreed();
            List<String> differing =
                    before.map(agreed -> agreed.differing(self.settings())).orElse(List.of());
            if (before.isPresent() && differing.isEmpty()) {
                out().println("All work by these settings already.");
                return Exit.DONE;
            }
            String changes = differing.stream()
                    .map(key -> key + ": "
                            + before.map(agreed -> agreed.settings().getOrDefault(key, "(none)"))
                                    .orElse("(none)")
                            + " -> " + self.settings().getOrDefault(key, "(none)"))
                    .reduce((one, next) -> one + "; " + next)
                    .orElse("the first settings");
            ledger.nodes().agree(self.settings(), user(), changes);
            out().println("All work by the settings of this machine now: " + changes);
            return Exit.DONE;
        }
    }
}
