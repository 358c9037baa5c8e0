package org.deprovisioner.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A forward proxy on a loopback port: it opens tunnels for those who know user and password, wherever they lead. */
public final class TunnelProxy implements AutoCloseable {

    private static final Pattern CONNECT = Pattern.compile("CONNECT (?<host>\\S+):(?<port>\\d+) HTTP/1\\.1\r\n(?s:.*)");

    /** What was said to the proxy itself, before any tunnel. */
    public final List<String> heads = new CopyOnWriteArrayList<>();

    /** Where tunnels were opened to. */
    public final List<String> tunnels = new CopyOnWriteArrayList<>();

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String credentials;

    public TunnelProxy(String user, String password) throws IOException {
        credentials = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        thread(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                thread(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            Matcher connect = CONNECT.matcher(head);
            if (!head.contains("\r\nProxy-Authorization: " + credentials + "\r\n")) {
                say(client, "407 Who are you\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0");
            } else if (!connect.matches()) {
                say(client, "403 Tunnels only\r\nContent-Length: 0");
            } else {
                try (Socket server =
                        new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(connect.group("port")))) {
                    tunnels.add(connect.group("host") + ":" + connect.group("port"));
                    say(client, "200 Connection established");
                    Thread back = thread(() -> copy(server, client));
                    copy(client, server);
                    back.join();
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client or the server went away
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            head.append((char) octet);
            if (head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return head.toString();
    }

    private static void say(Socket client, String answer) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\n\r\n").getBytes(UTF_8));
        client.getOutputStream().flush();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of the two went away
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "tunnel-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
