package org.deprovisioner.settings;

/** A secret cannot be had from where it lies. The message holds neither it nor what opens the vault. */
public final class UnreadableSecretException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final boolean unreachable;

    /** @param unreachable whether nothing was refused, but no vault answered that could have given it */
    public UnreadableSecretException(String message, String remedy, boolean unreachable) {
        super(message);
        this.remedy = remedy;
        this.unreachable = unreachable;
    }

    /** What a person can do about it. */
    public String remedy() {
        return remedy;
    }

    /** Whether no vault answered that could have given it; else the setting, the vault's token or its policy is at fault. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
