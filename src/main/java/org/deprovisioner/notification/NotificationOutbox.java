package org.deprovisioner.notification;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.deprovisioner.dispatch.LedgerSource;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.ledger.Notifications;
import org.deprovisioner.ledger.Notifications.Delivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications of a ledger on their way out. Each route that takes them is a channel: it is given all of them, each
 * until it says {@link #sent}, again and again when it says {@link #notDelivered}. A channel that fails holds up nothing.
 */
public final class NotificationOutbox implements LedgerSource.ByChannel<Delivery> {

    private static final Logger LOG = LoggerFactory.getLogger(NotificationOutbox.class);

    private final Notifications notifications;
    private final Wording wording;
    private final Daily daily;
    private final int afterDeadLetters;
    private final Set<String> notSet;
    private final Map<String, LedgerSource<Delivery>> channels = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** @param notSet channels whose routes are there, and whose addresses are not */
    NotificationOutbox(Ledger ledger, Daily daily, int afterDeadLetters, Set<String> notSet) {
        this.notifications = ledger.notifications();
        this.wording = new Wording(ledger);
        this.daily = daily;
        this.afterDeadLetters = afterDeadLetters;
        this.notSet = notSet;
    }

    /** What waits to leave by a channel, which is known from now on. */
    @Override
    public LedgerSource<Delivery> of(String channel) {
        if (notSet.contains(channel)) {
            return most -> List.of();
        }
        return channels.computeIfAbsent(channel, name -> most -> notifications.due(name, most));
    }

    /** The kinds of which a notification is to be made now. */
    List<Notice.Kind> kinds() {
        return notifications.isDailyDue() ? List.of(Notice.Kind.DAILY) : notifications.due(afterDeadLetters);
    }

    /** Makes one notification of all notices of a kind. */
    public void collect(Notice.Kind kind) {
        notifications.keepOnly(channels.keySet());
        if (kind == Notice.Kind.DAILY) {
            daily.tell();
        }
        notifications.collect(kind, afterDeadLetters, channels.keySet(), wording::of);
    }

    /** A notification was taken by its channel. */
    public void sent(Delivery notification) {
        notifications.sent(notification);
        if (failing.remove(notification.channel())) {
            LOG.info("Notifications leave by {} again.", notification.channel());
        }
    }

    /** A notification was not taken by its channel: it is tried again later, and given up after three days. */
    public void notDelivered(Delivery notification, Throwable fault) {
        String why = WithoutAddresses.of(Optional.ofNullable(fault.getMessage()).orElse(fault.toString()));
        if (notifications.failed(notification, why)) {
            LOG.error(
                    "The notification '{}' is given up: it did not leave by {} for three days. {}",
                    notification.title(),
                    notification.channel(),
                    why);
        } else if (failing.add(notification.channel())) {
            LOG.warn(
                    "The notification '{}' did not leave by {}, and is tried again for three days: {}",
                    notification.title(),
                    notification.channel(),
                    why);
        }
    }
}
