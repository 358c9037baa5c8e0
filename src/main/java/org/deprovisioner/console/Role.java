package org.deprovisioner.console;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** An app role of the console's app registration in Entra ID, and what it allows. */
enum Role {
    VIEWER("Deprovisioner.Viewer", Right.READ, Right.PAUSE),
    OPERATOR(
            "Deprovisioner.Operator",
            Right.READ,
            Right.PAUSE,
            Right.SUBMIT,
            Right.CANCEL,
            Right.REPLAY,
            Right.RESUME,
            Right.FORCE),
    APPROVER("Deprovisioner.Approver", Right.READ, Right.PAUSE, Right.CANCEL, Right.APPROVE);

    private final String word;
    private final Set<Right> rights;

    Role(String word, Right first, Right... others) {
        this.word = word;
        this.rights = EnumSet.of(first, others);
    }

    /** How Entra ID writes it in a token. */
    String word() {
        return word;
    }

    Set<Right> rights() {
        return rights;
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }
}
