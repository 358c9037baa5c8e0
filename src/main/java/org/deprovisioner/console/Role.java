package org.deprovisioner.console;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** An app role of the console's app registration in Entra ID, and what it allows. */
enum Role {
    VIEWER("Deprovisioner.Viewer"),
    OPERATOR("Deprovisioner.Operator"),
    APPROVER("Deprovisioner.Approver");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** How Entra ID writes it in a token. */
    String word() {
        return word;
    }

    Set<Right> rights() {
        return switch (this) {
            case VIEWER -> EnumSet.of(Right.READ, Right.PAUSE);
            case OPERATOR -> EnumSet.complementOf(EnumSet.of(Right.APPROVE));
            case APPROVER -> EnumSet.of(Right.READ, Right.PAUSE, Right.CANCEL, Right.APPROVE);
        };
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }
}
