package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.request.UnusableMessageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an Artemis that is not ours, as somebody else has set it up. */
class OutsideBrokerTest {

    @TempDir
    private Path data;

    private final EmbeddedActiveMQ outside = new EmbeddedActiveMQ();
    private Messaging service;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        outside.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1))
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(),
                        java.util.Map.of("host", "127.0.0.1", "port", 0),
                        "clients")));
        outside.start();
        NettyAcceptor acceptor =
                (NettyAcceptor) outside.getActiveMQServer().getRemotingService().getAcceptor("clients");
        String url = scheme() + "://127.0.0.1:" + acceptor.getActualPort();
        service = new Messaging(data, Messaging.settings(url));
        client = new Client(connections(url));
    }

    /** How both the service and the sender speak to the broker. */
    String scheme() {
        return "tcp";
    }

    ConnectionFactory connections(String url) {
        return new ActiveMQConnectionFactory(url);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        service.close();
        outside.stop();
    }

    @Test
    void messagesAreTaken() {
        client.request(client.text("{}"));

        await().until(() -> service.intake.taken.size() == 1);
    }

    @Test
    void theSenderIsAnsweredOnItsTemporaryQueueAndAVanishedOneIsNotMadeAnew() throws Exception {
        service.intake.failure = message -> {
            throw new UnusableMessageException("no JSON");
        };
        TemporaryQueue replies = client.jms.createTemporaryQueue();
        TemporaryQueue gone = client.jms.createTemporaryQueue();
        for (TemporaryQueue replyTo : new TemporaryQueue[] {gone, replies}) {
            TextMessage message = client.text("garbage");
            message.setJMSReplyTo(replyTo);
            if (replyTo == gone) {
                gone.delete();
            }
            client.request(message);
        }

        assertThat(client.receive(replies).getStringProperty("error")).isEqualTo("no JSON");
        client.receive(client.deadLetters);
        client.receive(client.deadLetters);
        if (scheme().equals("tcp")) { // by AMQP a broker that makes queues by itself cannot be asked before it does
            assertThat(outside.getActiveMQServer().locateQueue(gone.getQueueName()))
                    .isNull();
        }
    }

    @Test
    void aMessageThatFailsAgainAndAgainIsADeadLetterInTheEnd() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        service.intake.failure = message -> {
            failures.incrementAndGet();
            throw new IllegalStateException("unforeseen");
        };
        client.request(client.text("poison"));

        Message deadLetter = client.receive(client.deadLetters);
        assertThat(failures).hasValue(IncomingMessages.MAX_DELIVERIES);
        assertThat(deadLetter.getStringProperty("outcome")).isEqualTo("retries-exhausted");
        assertThat(deadLetter.getStringProperty("error")).contains("unforeseen");
    }

    @Test
    void aDeadLetterWhoseMessageIsNotAcknowledgedIsNoDeadLetter() throws Exception {
        service.intake.failure = message -> {
            throw new UnusableMessageException("no JSON");
        };
        AtomicInteger sends = new AtomicInteger();
        outside.getActiveMQServer()
                .registerBrokerPlugin(new org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin() {
                    @Override
                    public void afterSend(
                            org.apache.activemq.artemis.core.server.ServerSession session,
                            org.apache.activemq.artemis.core.transaction.Transaction tx,
                            org.apache.activemq.artemis.api.core.Message message,
                            boolean direct,
                            boolean noAutoCreateQueue,
                            org.apache.activemq.artemis.core.postoffice.RoutingStatus result) {
                        if (message.getAddress().equals("deprovision.dead-letter") && sends.incrementAndGet() == 1) {
                            tx.markAsRollbackOnly(
                                    new org.apache.activemq.artemis.api.core.ActiveMQException("the first is undone"));
                        }
                    }
                });
        client.request(client.text("garbage"));

        assertThat(((TextMessage) client.receive(client.deadLetters)).getText()).isEqualTo("garbage");
        await().until(() ->
                outside.getActiveMQServer().locateQueue("deprovision.requests").getMessageCount() == 0);
        assertThat(sends).hasValueGreaterThan(1);
        assertThat(client.jms.createConsumer(client.deadLetters).receiveNoWait())
                .isNull();
    }

    @Test
    void theServiceComesBackWhenTheBrokerDoes() throws Exception {
        String url = "tcp://127.0.0.1:"
                + ((NettyAcceptor)
                                outside.getActiveMQServer().getRemotingService().getAcceptor("clients"))
                        .getActualPort();
        client.close();
        outside.getActiveMQServer().stop();
        outside.getActiveMQServer().getConfiguration().clearAcceptorConfigurations();
        outside.getActiveMQServer().getConfiguration().addAcceptorConfiguration("clients", url);
        outside.getActiveMQServer().start();
        client = new Client(connections(url.replace("tcp", scheme())));
        client.request(client.text("{}"));

        await().until(() -> service.intake.taken.size() == 1);
    }

    @Test
    void withoutABrokerTheRouteIsLeftOut(@TempDir Path other) throws Exception {
        try (Messaging none = new Messaging(other, Messaging.settings("none"))) {
            assertThat(none.camel.getRoutes()).isEmpty();
            assertThat(none.broker.connections()).isEqualTo(Optional.empty());
            assertThat(other).isEmptyDirectory();
        }
    }
}
