package org.deprovisioner.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** An Artemis of somebody else in a process of its own, set up as the README asks for. */
final class OutsideBroker implements AutoCloseable {

    private static final String READY = "The broker takes messages.";

    private final Path folder;
    private final int port;
    private Forked process;
    private int starts;

    private OutsideBroker(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process = fork();
    }

    static OutsideBroker start(Path folder, int port) throws IOException {
        OutsideBroker broker = new OutsideBroker(folder, port);
        broker.process.awaitSaying(READY);
        return broker;
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    void kill() {
        process.kill();
    }

    void startAgain() throws IOException {
        process = fork();
        process.awaitSaying(READY);
    }

    private Forked fork() throws IOException {
        return Forked.start(
                List.of(),
                OutsideBroker.class,
                List.of(folder.toString(), String.valueOf(port)),
                Map.of(),
                folder.resolveSibling("broker-" + ++starts + ".log"));
    }

    @Override
    public void close() {
        kill();
    }

    /** The process: a folder and a port. */
    public static void main(String[] arguments) throws Exception {
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setJournalType(JournalType.NIO)
                .setJournalFileSize(1 << 20)
                .setJournalDirectory(arguments[0] + "/journal")
                .setBindingsDirectory(arguments[0] + "/bindings")
                .setPagingDirectory(arguments[0] + "/paging")
                .setLargeMessagesDirectory(arguments[0] + "/large-messages")
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAddressSetting(
                        "#", new AddressSettings().setMaxDeliveryAttempts(-1).setRedeliveryDelay(500))
                .addAcceptorConfiguration("clients", "tcp://127.0.0.1:" + arguments[1] + "?protocols=CORE"));
        broker.start();
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
