package org.deprovisioner.report;

/** How a command, or the batch that it is about, ended, and the exit code that says so. */
public enum Exit {
    /** All done or skipped. */
    DONE(0),
    /** Some failed, unknown, in doubt or parked. */
    FAILED(1),
    /** The command line was not understood, or names what is not there. */
    USAGE(2),
    /** Configuration or credentials. */
    SETTINGS(3),
    /** Held by a guard. */
    HELD(4),
    /** Cannot reach what it needs, or paused until {@code resume}. */
    UNREACHABLE(5),
    /** Somebody stopped it. */
    INTERRUPTED(130);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** What the shell sees. */
    public int code() {
        return code;
    }
}
