package org.deprovisioner.broker;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Why the broker does not do its work for us.
 *
 * @param message what happened, as a sentence
 * @param remedy what the user can do
 */
public record BrokerFault(Instant since, String message, String remedy) {

    private static final Pattern RIGHTS = Pattern.compile("(?i).*(permission|unauthorized-access|not authorized).*");
    private static final int LONGEST = 300;

    private static final String GRANT =
            "Give our user there the right to receive from %s, and to send to %s and to %s*."
                    .formatted(Queues.REQUESTS, Queues.DEAD_LETTERS, Queues.REPLY);

    /**
     * @param broker which one, such as {@code The broker at tcp://host:61616}
     * @param deed what it does not let us do, such as {@code receive from deprovision.requests}
     */
    static BrokerFault of(JMSException failure, String broker, String deed, Instant since) {
        String said = said(failure);
        if (failure instanceof JMSSecurityException) {
            return RIGHTS.matcher(said).matches()
                    ? new BrokerFault(since, broker + " does not let us " + deed + ": " + said + ".", GRANT)
                    : new BrokerFault(
                            since,
                            broker + " refuses our user or password: " + said + ".",
                            "Correct deprovision.broker.user and deprovision.broker.password, and start the service"
                                    + " again.");
        }
        if (failure instanceof InvalidDestinationException) {
            return new BrokerFault(
                    since,
                    "%s does not let us %s, since there is no such queue: %s.".formatted(broker, deed, said),
                    "Make the queues " + Queues.REQUESTS + " and " + Queues.DEAD_LETTERS + " there. " + GRANT);
        }
        return new BrokerFault(
                since,
                broker + " cannot be reached: " + said + ".",
                "Check deprovision.broker.url, and whether the broker runs and a firewall lets us through. It is tried"
                        + " again all the time.");
    }

    /** In one line of bearable length. */
    private static String said(JMSException failure) {
        String line = String.valueOf(failure.getMessage())
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .replaceFirst("[. ]+$", "");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
