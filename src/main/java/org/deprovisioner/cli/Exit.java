package org.deprovisioner.cli;

/** How a command ends, and the exit code that says so. */
enum Exit {
    /** All done or skipped. */
    DONE(0),
    /** Some failed, unknown, in doubt or parked. */
    FAILED(1),
    USAGE(2),
    /** Configuration or credentials. */
    SETTINGS(3),
    /** Held by a guard. */
    HELD(4),
    /** Cannot reach what it needs, or paused until {@code resume}. */
    UNREACHABLE(5),
    INTERRUPTED(130);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
