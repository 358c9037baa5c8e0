package org.deprovisioner.broker;

/** The names of the queues, the same on every broker. */
final class Queues {

    static final String REQUESTS = "deprovision.requests";
    static final String DEAD_LETTERS = "deprovision.dead-letter";

    /** What the names of queues for replies begin with. */
    static final String REPLY = "deprovision.reply.";

    private Queues() {}
}
