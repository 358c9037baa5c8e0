package org.deprovisioner.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deprovisioner.doctor.Examination;
import org.deprovisioner.doctor.Remark;
import org.deprovisioner.doctor.Remark.Level;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Logging;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything that the service needs, and says what is wrong and how to fix it. */
@Command(
        name = "doctor",
        footer = "  deprovision doctor",
        description =
                "Check settings, folders, ledger, broker, vault, name service, proxy, TLS, clock, sign-in, permissions and"
                        + " licence, each with its remedy. Nothing is sent but a read. Exit code 3: something is wrong; 5:"
                        + " something cannot be reached.")
final class Doctor extends Subcommand {

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final List<Remark> remarks = new ArrayList<>();

    @Override
    Exit run() throws Exception {
        new Examination(
                        settings(),
                        settings -> ServiceLock.isHeld(settings.data()),
                        configuration -> startLogging(configuration, Logging.To.CONSOLE),
                        this::add)
                .look();
        Exit exit = exit();
        if (json) {
            out().printWhole(ReportJson.write(
                    Map.of("checks", remarks.stream().map(Doctor::json).toList(), "exitCode", exit.code())));
        }
        return exit;
    }

    private void add(Remark remark) {
        remarks.add(remark);
        if (!json) {
            String subject = remark.subject().isEmpty() ? "" : " (" + remark.subject() + ")";
            out().printBeside(
                            "%-9s".formatted(remark.level().word()), remark.check() + subject + ": " + remark.words());
            if (!remark.remedy().isEmpty()) {
                out().printBeside("         -> ", remark.remedy());
            }
            out().flush();
        }
    }

    private Exit exit() {
        if (remarks.stream().anyMatch(remark -> remark.level() == Level.WRONG)) {
            return Exit.SETTINGS;
        }
        return remarks.stream().anyMatch(remark -> remark.level() == Level.UNREACHABLE) ? Exit.UNREACHABLE : Exit.DONE;
    }

    private static Map<String, String> json(Remark remark) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("check", remark.check());
        line.put("subject", remark.subject());
        line.put("level", remark.level().word());
        line.put("words", remark.words());
        line.put("remedy", remark.remedy());
        return line;
    }
}
