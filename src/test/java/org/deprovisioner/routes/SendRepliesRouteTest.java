package org.deprovisioner.routes;

/** Sends the outcome of each request to the queue that its message asked for. */
class SendRepliesRouteTest extends OutboxRouteTest {

    SendRepliesRouteTest() {
        super("send-replies", "ledger:replies");
    }
}
