package org.deprovisioner.cli;

import org.deprovisioner.report.Exit;

/** What Ctrl-C or a stop signal does while a command follows a batch: it says how things stand and how they go on. */
final class Interruption implements AutoCloseable {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** From now on an interruption runs this and ends with its exit code. */
    static Interruption runs(Runnable farewell) {
        Thread hook = new Thread(
                () -> {
                    farewell.run();
                    Runtime.getRuntime().halt(Exit.INTERRUPTED.code());
                },
                "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // the farewell is being said
        }
    }
}
