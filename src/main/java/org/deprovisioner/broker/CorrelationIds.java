package org.deprovisioner.broker;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Correlation ids as the ledger writes them down: a text as it is, and any other kind as AMQP's mapping to JMS has it, such
 * as {@code ID:AMQP_UUID:} and the UUID. Clients of both protocols get back the kind that they gave.
 */
final class CorrelationIds {

    private static final String BINARY = "ID:AMQP_BINARY:";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private CorrelationIds() {}

    /** What the sender gave; empty when it gave none. */
    static Optional<String> written(Message message) throws JMSException {
        String text = message.getJMSCorrelationID();
        if (text != null) {
            return Optional.of(text);
        }
        return Optional.ofNullable(message.getJMSCorrelationIDAsBytes()).map(bytes -> BINARY + HEX.formatHex(bytes));
    }

    static void set(Message message, String written) throws JMSException {
        Optional<byte[]> bytes = bytes(written);
        if (bytes.isPresent()) {
            message.setJMSCorrelationIDAsBytes(bytes.get());
        } else {
            message.setJMSCorrelationID(written);
        }
    }

    private static Optional<byte[]> bytes(String written) {
        try {
            return Optional.of(written)
                    .filter(id -> id.startsWith(BINARY) && id.length() > BINARY.length())
                    .map(id -> HEX.parseHex(id.substring(BINARY.length())));
        } catch (IllegalArgumentException text) {
            return Optional.empty();
        }
    }
}
