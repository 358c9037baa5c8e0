package org.deprovisioner.doctor;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.deprovisioner.broker.BrokerConfiguration;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.UnreadableSecretException;

/** The broker: whether the embedded one answers or could listen, or the outside one lets us in. */
public final class BrokerCheck implements Check {

    private static final String CHECK = "broker";
    private static final int PATIENCE_MILLIS = 5_000;

    private final Settings settings;
    private final boolean serviceRuns;

    /** @param serviceRuns whether a service works on the data folder now */
    public BrokerCheck(Settings settings, boolean serviceRuns) {
        this.settings = settings;
        this.serviceRuns = serviceRuns;
    }

    @Override
    public List<Remark> look() throws IOException {
        return List.of(
                switch (settings.broker().url()) {
                    case "none" -> Remark.ok(CHECK, "", "There is none (deprovision.broker.url=none).");
                    case "embedded" -> embedded(settings.broker().listen());
                    default -> outside();
                });
    }

    private Remark embedded(String listen) {
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(listen.substring(colon + 1));
        try {
            if (serviceRuns) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
                }
                return Remark.ok(CHECK, listen, "The embedded broker of the running service answers.");
            }
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName(host))) {
                return Remark.ok(
                        CHECK, listen, "The port " + free.getLocalPort() + " is free for the embedded broker.");
            }
        } catch (IOException refused) {
            return serviceRuns
                    ? Remark.unreachable(
                            CHECK,
                            listen,
                            "The embedded broker does not answer: " + refused.getMessage() + ".",
                            "Look into data/logs, and start the service again.")
                    : Remark.unreachable(
                            CHECK,
                            listen,
                            "The port cannot be used: " + refused.getMessage() + ".",
                            "Set deprovision.broker.listen to another port, or end what has it.");
        }
    }

    private Remark outside() throws IOException {
        String url = settings.broker().url();
        if (BrokerConfiguration.isTrustedByUs(url)) {
            try {
                shakeHands(URI.create(url));
            } catch (SSLException untrusted) {
                return Remark.unreachable(
                        CHECK,
                        url,
                        "It is not trusted: " + untrusted.getMessage() + ".",
                        "Give its certificate authority with deprovision.tls.ca-file, as a PEM file; the name in its"
                                + " certificate must be that of deprovision.broker.url.");
            } catch (IOException unreachable) {
                return unreachable(url, unreachable);
            }
        }
        try (BrokerConfiguration broker =
                BrokerConfiguration.start(settings.data(), settings.broker(), GraphHttp.tls(settings.graph()))) {
            ConnectionFactory factory = broker.connections().orElseThrow();
            try (Connection connection = factory.createConnection()) {
                connection.start();
            }
            return Remark.ok(CHECK, url, "It lets us in.");
        } catch (UnreadableSecretException unread) {
            return Remark.unreachable(
                    CHECK, url, "Its password cannot be read. " + unread.getMessage(), unread.remedy());
        } catch (JMSSecurityException refused) {
            return Remark.wrong(
                    CHECK,
                    url,
                    "It refuses us: " + refused.getMessage() + ".",
                    "Check deprovision.broker.user and deprovision.broker.password.");
        } catch (JMSException unreachable) {
            return unreachable(url, unreachable);
        }
    }

    private static Remark unreachable(String url, Exception why) {
        return Remark.unreachable(
                CHECK,
                url,
                "It cannot be reached: " + why.getMessage() + ".",
                "Check deprovision.broker.url, and whether the broker runs and a firewall lets us through.");
    }

    /** The clients of brokers keep to themselves why they trust a server not. */
    private void shakeHands(URI broker) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) GraphHttp.tls(settings.graph()).getSocketFactory().createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(broker.getHost(), broker.getPort()), PATIENCE_MILLIS);
            socket.startHandshake();
        }
    }
}
