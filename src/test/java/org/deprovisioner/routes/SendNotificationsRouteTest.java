package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Posts each notification to the webhook. */
class SendNotificationsRouteTest extends RouteTest {

    private final FakeWebhook webhook = new FakeWebhook();
    private final FakeOutbox notificationOutbox = new FakeOutbox();

    @Override
    void bind(Registry beans) {
        beans.bind("webhook", webhook);
        beans.bind("notificationOutbox", notificationOutbox);
    }

    @Test
    void whatWasPostedIsTakenOutOfTheOutbox() {
        assertThat(from()).startsWith("ledger:notifications").contains("channel=webhook");
        assertThat(run("held").getException()).isNull();
        assertThat(webhook.taken()).containsExactly("held");
        assertThat(notificationOutbox.taken()).containsExactly("sent held");
        assertThat(steps())
                .containsExactly(
                        "send-notifications.notification", "send-notifications.post", "send-notifications.sent");
    }

    @Test
    void whatIsNotTakenIsToldToTheOutboxAndFailsNothingElse() {
        webhook.failWith(new IOException("hooks.example.com answered 503."));
        assertThat(run("held").getException()).isNull();
        assertThat(notificationOutbox.taken()).containsExactly("not held: hooks.example.com answered 503.");
        assertThat(steps()).endsWith("try-again-later");
    }

    @Test
    void whereTheOutboxCannotBeWrittenTheNotificationStaysDue() {
        webhook.failWith(new IOException("no connection"));
        notificationOutbox.failWith(new IllegalStateException("the disk is full"));
        assertThat(run("held").getException()).isNotNull();
        assertThat(List.copyOf(notificationOutbox.taken())).hasSize(1);
    }

    /** Posts nothing. */
    public static final class FakeWebhook extends Fake {

        public void post(String notification) throws Exception {
            take(notification);
        }
    }

    /** Holds nothing. */
    public static final class FakeOutbox extends Fake {

        public void sent(String notification) throws Exception {
            take("sent " + notification);
        }

        public void notDelivered(String notification, Exception fault) throws Exception {
            take("not " + notification + ": " + fault.getMessage());
        }
    }
}
