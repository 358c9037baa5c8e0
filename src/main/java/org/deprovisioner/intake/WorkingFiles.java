package org.deprovisioner.intake;

import java.io.File;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.deprovisioner.ledger.Intakes;

/**
 * Which files of {@code .working/} are taken in: those that this ledger gave their names. Another one's would be recorded
 * under the number of another file; it stays where it is, and is spoken of.
 */
final class WorkingFiles implements GenericFileFilter<File> {

    /** What the ledger adds to the name of a file that was handed over with its plan. */
    private static final Pattern PLAN = Pattern.compile(" \\(plan \\p{XDigit}{8}\\)$");

    private final Intakes intakes;
    private final FileFaults faults;

    WorkingFiles(Intakes intakes, FileFaults faults) {
        this.intakes = intakes;
        this.faults = faults;
    }

    @Override
    public boolean accept(GenericFile<File> candidate) {
        if (candidate.isDirectory()) {
            return false;
        }
        String name = candidate.getFile().getName();
        try {
            if (isOurs(WorkingName.parse(name))) {
                return true;
            }
            faults.report(
                    name,
                    new IllegalStateException(
                            "another ledger gave it its number. It stays where it is: start the service"
                                    + " with that ledger, or, if that one is gone for good, move the file to the inbox."));
        } catch (IllegalArgumentException strange) {
            faults.report(name, strange);
        }
        return false;
    }

    private boolean isOurs(WorkingName name) {
        return intakes.fileName(name.intake())
                .filter(given -> Stream.of(given, PLAN.matcher(given).replaceFirst(""))
                        .anyMatch(own -> WorkingName.of(name.intake(), own).equals(name)))
                .isPresent();
    }
}
