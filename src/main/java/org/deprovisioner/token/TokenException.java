package org.deprovisioner.token;

/** No token could be had. Its message holds neither the secret nor a token. */
public final class TokenException extends RuntimeException {

    private final String tenant;
    private final String code;
    private final String remedy;
    private final boolean unreachable;

    /** @param unreachable whether nothing was refused, but no answer of Entra came */
    TokenException(String tenant, String code, String message, String remedy, boolean unreachable) {
        super(message);
        this.unreachable = unreachable;
        this.tenant = tenant;
        this.code = code;
        this.remedy = remedy;
    }

    /** The name of the tenant whose token it was to be. */
    public String tenant() {
        return tenant;
    }

    /** Entra's code, such as {@code AADSTS7000215}; empty when it was not Entra that refused. */
    public String code() {
        return code;
    }

    /** What a person can do about it. */
    public String remedy() {
        return remedy;
    }

    /** Whether no answer of Entra came; else what the tenant signs in with is at fault. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
