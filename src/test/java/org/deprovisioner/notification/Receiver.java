package org.deprovisioner.notification;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A small receiver of webhooks on loopback, which keeps what it is sent and answers as it is told. */
public final class Receiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final AtomicInteger answer = new AtomicInteger(200);

    /** A post as it came. */
    public record Post(
            String path,
            String id,
            String timestamp,
            String signature,
            String contentType,
            String authorization,
            String body) {}

    private Receiver(HttpServer server) {
        this.server = server;
    }

    /** Starts one. */
    public static Receiver start() throws IOException {
        return start(0);
    }

    /** Starts one on this port. */
    public static Receiver start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        Receiver receiver = new Receiver(server);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            receiver.posts.add(new Post(
                    exchange.getRequestURI().toString(),
                    String.valueOf(headers.getFirst("Deprovisioner-Id")),
                    String.valueOf(headers.getFirst("Deprovisioner-Timestamp")),
                    String.valueOf(headers.getFirst("Deprovisioner-Signature")),
                    String.valueOf(headers.getFirst("Content-Type")),
                    String.valueOf(headers.getFirst("Authorization")),
                    body));
            int status = receiver.answer.get();
            if (status / 100 == 3) {
                exchange.getResponseHeaders().add("Location", receiver.url("/elsewhere"));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    /** Where a path of it is. */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on it answers so. */
    public void answer(int status) {
        answer.set(status);
    }

    /** All that came, in its order. */
    public List<Post> posts() {
        return posts;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
