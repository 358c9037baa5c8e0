package org.deprovisioner.intake;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.deprovisioner.broker.HandedOver;
import org.deprovisioner.ledger.Intakes;
import org.deprovisioner.request.RequestMessage;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.request.UnusableMessageException;
import org.deprovisioner.text.Counted;
import org.deprovisioner.text.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the requests of messages in the ledger, before the messages are acknowledged. */
public final class MessageIntake {

    private static final Logger LOG = LoggerFactory.getLogger(MessageIntake.class);

    private final RequestRules rules;
    private final Intakes intakes;
    private final Clock clock;

    /** Takes messages into a ledger. */
    public MessageIntake(RequestRules rules, Intakes intakes, Clock clock) {
        this.rules = rules;
        this.intakes = intakes;
        this.clock = clock;
    }

    /**
     * Records the requests of a message, once however often it is delivered.
     *
     * @throws UnusableMessageException when it cannot be understood
     */
    public void takeIn(HandedOver message) throws UnusableMessageException {
        List<RequestMessage.Parsed> parts = RequestMessage.parse(message.text(), rules);
        for (int part = 0; part < parts.size(); part++) {
            record(message, part, parts.get(part));
        }
    }

    private void record(HandedOver message, int part, RequestMessage.Parsed requests) {
        String key = message.id().isEmpty() ? "" : message.id() + " " + Sha256.of(message.text()) + " " + part;
        String batch = requests.batch().orElseGet(() -> "messages-" + LocalDate.now(clock.withZone(ZoneOffset.UTC)));
        intakes.record(
                        new Intakes.Message(
                                key, message.id(), message.user(), batch, message.replyTo(), message.correlationId()),
                        requests.columns(),
                        requests.rows())
                .ifPresentOrElse(
                        name -> LOG.debug(
                                "{}: {} taken in as batch '{}'.",
                                message.id(),
                                Counted.of(requests.rows().size(), "request"),
                                name),
                        () -> LOG.info(
                                "{} was delivered again; its requests are in the ledger already.", message.id()));
    }
}
