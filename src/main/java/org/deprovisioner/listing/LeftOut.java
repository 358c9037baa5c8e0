package org.deprovisioner.listing;

/** Why a device of the tenant is not listed: the first filter that it does not pass. */
public enum LeftOut {
    OPERATING_SYSTEM("of another operating system"),
    USER("of another user"),
    MODEL("of another model"),
    NAME("of another name"),
    SYNCED("synced since"),
    SYNC_UNKNOWN("whose last sync Graph does not tell"),
    ENROLLED("not enrolled before that"),
    ENROLMENT_UNKNOWN("whose enrolment Graph does not tell");

    private final String words;

    LeftOut(String words) {
        this.words = words;
    }

    /** The same for people, as it follows a number of devices. */
    public String words() {
        return words;
    }
}
