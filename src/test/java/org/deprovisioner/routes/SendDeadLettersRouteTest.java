package org.deprovisioner.routes;

/** Sends the dead letter of each failed request to its queue. */
class SendDeadLettersRouteTest extends OutboxRouteTest {

    SendDeadLettersRouteTest() {
        super("send-dead-letters", "ledger:dead-letters");
    }
}
