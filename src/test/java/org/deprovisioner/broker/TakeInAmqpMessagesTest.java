package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.StreamMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The same for a sender that speaks AMQP 1.0. */
class TakeInAmqpMessagesTest extends TakeInMessagesTest {

    @Override
    ConnectionFactory connections(Path data) throws Exception {
        return Client.amqp(data);
    }

    @Override
    String sender() {
        return "(a client of the broker)";
    }

    /** What the broker makes of a stream of Artemis core cannot be read by AMQP. */
    @Override
    @Test
    void aMapAStreamAndAMessageWithoutBodyAreDeadLettersUnchanged() throws Exception {
        MapMessage map = client().jms.createMapMessage();
        map.setString("serialNumber", "1");
        client().request(map);
        MapMessage dead = (MapMessage) client().receive(client().deadLetters);
        assertThat(dead.getString("serialNumber")).isEqualTo("1");
        assertInvalid(dead, "MapMessage");
    }

    @Test
    void aStreamIsADeadLetter() throws Exception {
        StreamMessage stream = client().jms.createStreamMessage();
        stream.writeLong(7);
        client().request(stream);
        Message dead = client().receive(client().deadLetters);
        assertInvalid(dead, "StreamMessage");
        assertThat(((StreamMessage) dead).readLong()).isEqualTo(7);
    }
}
