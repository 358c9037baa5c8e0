package org.deprovisioner.guard;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.ledger.Approvals.Submitter;

/**
 * Whether somebody may approve what others handed over: never who did it, and nobody where that is not known. A pure
 * decision. Names are compared without regard to case and without their domain ({@code CONTOSO\\ada} is {@code ada}).
 */
public final class FourEyes {

    /** How the owner of a file is written that is no person. */
    public static final String GROUP = "group ";

    private final boolean wanted;

    /** @param wanted {@code deprovision.guard.four-eyes} */
    public FourEyes(boolean wanted) {
        this.wanted = wanted;
    }

    /** Why this one may not approve it; empty when nothing speaks against it. */
    public Optional<String> objection(String approver, Set<Submitter> submitters) {
        if (!wanted) {
            return Optional.empty();
        } else if (isUnknown(approver)) {
            return Optional.of(sentence("it is not known who approves it: '" + approver + "' is not a person"));
        }
        return submitters.stream()
                .flatMap(submitter -> objection(approver, submitter).stream())
                .findFirst()
                .map(FourEyes::sentence);
    }

    private static String sentence(String why) {
        return "Two people are needed here (deprovision.guard.four-eyes=true), and " + why + ".";
    }

    private static Optional<String> objection(String approver, Submitter submitter) {
        if (submitter.byMessage()) {
            return Optional.of("some of it came by message from '" + submitter.name()
                    + "', which does not tell the person behind it, so that nobody may approve it. Cancel it and hand its"
                    + " rows over as a file");
        } else if (isUnknown(submitter.name())) {
            return Optional.of("it is not known who handed it over ('" + submitter.name()
                    + "' is not a person), so that nobody may approve it. Cancel it and hand it over again");
        }
        return plain(approver).equals(plain(submitter.name()))
                ? Optional.of("'" + submitter.name() + "' handed it over and may not approve it. Somebody else has to")
                : Optional.empty();
    }

    private static boolean isUnknown(String name) {
        return name.isBlank() || name.startsWith(GROUP);
    }

    private static String plain(String name) {
        return name.substring(name.lastIndexOf('\\') + 1).strip().toLowerCase(Locale.ROOT);
    }
}
