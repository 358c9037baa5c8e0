package org.deprovisioner.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A server of plain sockets that writes down every byte it is sent and answers what it is told to. */
public final class RawServer implements AutoCloseable {

    /** Writes the answer to a request on its connection; whoever closes that ends it. */
    public interface Script {
        void answer(String request, Socket connection) throws IOException;
    }

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    public final List<String> requests = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();
    public final BlockingQueue<Socket> served = new LinkedBlockingQueue<>();

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;
    private final String scheme;
    private volatile Script script;

    private RawServer(String scheme, ServerSocket listener, Script script) {
        this.scheme = scheme;
        this.listener = listener;
        this.script = script;
        thread(this::accept);
    }

    public static RawServer tls(SSLContext context, Script script) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new RawServer("https", context.getServerSocketFactory().createServerSocket(0, 50, loopback), script);
    }

    public static RawServer plain(Script script) throws IOException {
        return new RawServer("http", new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    /** A script that gives the same answer each time; line ends are made those of HTTP. */
    public static Script always(String answer) {
        return (request, connection) -> write(connection, answer);
    }

    public static void write(Socket connection, String answer) throws IOException {
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        connection.getOutputStream().flush();
    }

    /** A script that begins an answer and then goes on with the same piece of it, again and again, for ever. */
    public static Script drip(String start, String piece) {
        return (request, connection) -> drip(connection, start, piece);
    }

    /** The same, on a connection; it ends when the other side goes away. */
    public static void drip(Socket connection, String start, String piece) throws IOException {
        write(connection, start);
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(50);
                write(connection, piece);
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /** An answer with a JSON body. */
    public static String json(int status, String body, String... headers) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        List.of(headers).forEach(header -> answer.append(header).append("\r\n"));
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return answer + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    public void answers(Script next) {
        script = next;
    }

    public URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort() + path);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.incrementAndGet();
                open.add(connection);
                thread(() -> serve(connection));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            while (true) {
                String request = read(connection.getInputStream());
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request);
                script.answer(request, connection);
                served.add(connection);
            }
        } catch (IOException e) {
            // The client went away, or a script broke the connection: what was sent is written down.
        } finally {
            open.remove(connection);
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            bytes.write(octet);
            if (bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                Matcher length = LENGTH.matcher(bytes.toString(StandardCharsets.ISO_8859_1));
                bytes.write(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
                break;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The connection of the next request that was answered. */
    public Socket nextServed() throws InterruptedException {
        return served.poll(60, TimeUnit.SECONDS);
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }
}
