package org.deprovisioner.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.request.DeviceList;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;

/** The list of protected devices: what in it cannot be a rule, line by line, and what holds no rules. */
public final class ProtectedListCheck implements Check {

    static final String CHECK = "protected";

    private final Path file;

    public ProtectedListCheck(Settings settings) {
        file = settings.guard().protectedDevices();
    }

    @Override
    public List<Remark> look() {
        try {
            DeviceList list = DeviceList.read(file);
            if (list.flaws().isEmpty()) {
                int rules = list.rules().all().size();
                return List.of(Remark.ok(
                        CHECK,
                        "",
                        (rules == 0 ? "No device is protected" : Counted.of(rules, "rule"))
                                + " in " + file + "."
                                + (list.remarks().isEmpty()
                                        ? ""
                                        : " No rules are in the columns: " + String.join(", ", list.remarks()) + ".")));
            }
            return list.flaws().stream()
                    .map(flaw -> Remark.wrong(
                            CHECK,
                            "",
                            file + ", " + flaw,
                            "Until this is fixed, nothing is sent: as it stands the list protects nothing."))
                    .toList();
        } catch (IOException | UnusableFileException unreadable) {
            return ProtectedDevices.flaw(file).stream()
                    .map(why -> Remark.wrong(CHECK, "", why, ""))
                    .toList();
        }
    }
}
