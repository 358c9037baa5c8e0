package org.deprovisioner.notification;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.dispatch.LedgerSource;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.settings.Settings;

/** Wires what people are told. It has connections of its own: a receiver that hangs holds up nothing else. */
public final class NotificationConfiguration implements CamelConfiguration, AutoCloseable {

    /** The channel that is built in. */
    private static final String WEBHOOK = "webhook";

    /** A service that stops waits for a post that is under way. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final GraphHttp http;
    private final CloseableHttpClient client;
    private final Webhook webhook;
    private final NotificationOutbox outbox;

    /** Wires the notifications of a ledger. */
    public NotificationConfiguration(Settings settings, Ledger ledger, Clock clock) {
        Settings.Notifications notifications = settings.notifications();
        Settings.Graph reach = settings.graph();
        Duration timeout = reach.timeout().compareTo(LONGEST) < 0 ? reach.timeout() : LONGEST;
        http = new GraphHttp(new Settings.Graph(reach.baseUrl(), timeout, reach.caFile(), reach.proxy()), 1);
        client = http.client();
        webhook = new Webhook(notifications.webhook(), notifications.webhookSecret(), client, clock);
        outbox = new NotificationOutbox(
                ledger,
                new Daily(settings, ledger, clock),
                notifications.afterDeadLetters(),
                notifications.webhook().isPresent() ? Set.of() : Set.of(WEBHOOK));
    }

    @BindToRegistry("notificationOutbox")
    public NotificationOutbox outbox() {
        return outbox;
    }

    @BindToRegistry("notifications")
    public LedgerSource.ByChannel<?> notifications() {
        return outbox;
    }

    @BindToRegistry("notices")
    public LedgerSource<Notice.Kind> notices() {
        return most -> outbox.kinds();
    }

    @BindToRegistry("webhook")
    public Webhook webhook() {
        return webhook;
    }

    @Override
    public void close() throws IOException {
        client.close();
        http.close();
    }
}
