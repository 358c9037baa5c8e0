package org.deprovisioner.guard;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.Approvals.Submitter;

/**
 * Whether somebody may approve what others handed over: never who did it, and nobody where that is not known. A pure
 * decision. Persons are compared by their object id of Entra ID, or as users of the operating system, without regard to case
 * and without their domain ({@code CONTOSO\\ada} is {@code ada}); one of each kind only where it is known who they are.
 */
public final class FourEyes {

    /** How the owner of a file is written that is no person. */
    public static final String GROUP = "group ";

    /** How an app is written that signs in for itself. */
    public static final String APP = "app ";

    /** How those are written who know the console's password. */
    public static final String PASSWORD = "console password";

    private static final Pattern OBJECT_ID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private final boolean wanted;
    private final Map<String, String> people;

    /**
     * By the settings.
     *
     * @param wanted {@code deprovision.guard.four-eyes}
     * @param people {@code deprovision.guard.people}: object ids by users, in small letters
     */
    public FourEyes(boolean wanted, Map<String, String> people) {
        this.wanted = wanted;
        this.people = people;
    }

    /** Why this one may not approve it; empty when nothing speaks against it. */
    public Optional<String> objection(String approver, Set<Submitter> submitters) {
        if (!wanted) {
            return Optional.empty();
        } else if (isNobody(approver)) {
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

    private Optional<String> objection(String approver, Submitter submitter) {
        String name = submitter.name();
        if (submitter.byMessage()) {
            return Optional.of("some of it came by message from '" + name
                    + "', which does not tell the person behind it, so that nobody may approve it. Cancel it and hand its"
                    + " rows over as a file");
        } else if (isNobody(name)) {
            return Optional.of("it is not known who handed it over ('" + name
                    + "' is not a person), so that nobody may approve it. Cancel it and hand it over again");
        } else if (isObjectId(approver) != isObjectId(name)) {
            Optional<String> unknown = unknown(approver).or(() -> unknown(name));
            if (unknown.isPresent()) {
                return Optional.of("'" + approver + "' and '" + name
                        + "' cannot be compared: one is a user of the operating system, the other a person of Entra ID, and"
                        + " the file of deprovision.guard.people does not know '" + unknown.get()
                        + "'. Add a line for each of the two, or let somebody approve it who signs in as who handed it over"
                        + " did");
            }
        }
        Set<String> both = new HashSet<>(person(approver));
        both.retainAll(person(name));
        return both.isEmpty()
                ? Optional.empty()
                : Optional.of("'" + name + "' handed it over and may not approve it. Somebody else has to");
    }

    /** The name, where the people's file does not say who else it is. */
    private Optional<String> unknown(String name) {
        boolean known = isObjectId(name) ? people.containsValue(plain(name)) : people.containsKey(plain(name));
        return known ? Optional.empty() : Optional.of(name);
    }

    /** All names that a person is known by here: the user, and who that is in Entra ID. */
    private Set<String> person(String name) {
        Set<String> names = new HashSet<>(Set.of(plain(name)));
        Optional.ofNullable(people.get(plain(name))).ifPresent(names::add);
        return names;
    }

    private static boolean isNobody(String name) {
        return name.isBlank() || name.startsWith(GROUP) || name.startsWith(APP) || name.equals(PASSWORD);
    }

    private static boolean isObjectId(String name) {
        return OBJECT_ID.matcher(name).matches();
    }

    private static String plain(String name) {
        return name.substring(name.lastIndexOf('\\') + 1).strip().toLowerCase(Locale.ROOT);
    }
}
