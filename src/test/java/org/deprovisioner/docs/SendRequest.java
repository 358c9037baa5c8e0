package org.deprovisioner.docs;

import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** The client of {@code docs/messages.md}: what stands between the marks stands there too. */
final class SendRequest {

    private SendRequest() {}

    static String send(Path properties) throws Exception {
        // page
        Properties client = new Properties();
        try (Reader file = Files.newBufferedReader(properties)) { // data/broker/client.properties
            client.load(file);
        }
        try (var factory = new ActiveMQConnectionFactory(
                        client.getProperty("url"), client.getProperty("user"), client.getProperty("password"));
                JMSContext context = factory.createContext()) {
            Queue replies = context.createTemporaryQueue(); // a queue of its own for the answer
            context.createProducer()
                    .setJMSReplyTo(replies)
                    .setJMSCorrelationID("leaver-4711")
                    .send(context.createQueue("deprovision.requests"), """
                            {"managedDeviceId": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "serialNumber": "5CD1234ABC",
                             "deprovisionReason": "retiring_device", "requestId": "leaver-4711"}""");
            return context.createConsumer(replies).receiveBody(String.class, 60_000);
        }
        // end
    }
}
