package org.deprovisioner.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A stand-in for Graph that costs as little as can be, in a process of its own: a thread a connection, on loopback, in plain
 * HTTP or, with a PKCS #12 file and its password as arguments, in TLS; connections are kept, as Graph keeps them. {@code POST /stub?…} gives it new {@link Orders}, {@code GET /stub} tells its {@link Tally}, {@code GET
 * /stub/seconds} the calls of each second. It prints its port, and ends when its input does.
 */
public final class Stub {

    private static final Pattern PART =
            Pattern.compile("\"id\":\"([^\"]+)\",\"method\":\"([A-Z]+)\",\"url\":\"([^\"]+)\"");
    private static final Pattern IDS = Pattern.compile("\"deviceIds\"\\s*:\\s*\\[([^\\]]*)]");
    private static final Pattern ID = Pattern.compile("managedDevices/([0-9a-fA-F-]{36})");

    private volatile Tally tally = new Tally(Orders.answerAfter(0));

    private Stub() {}

    /** Starts one. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Stub stub = new Stub();
        ServerSocketFactory sockets = arguments.length == 0
                ? ServerSocketFactory.getDefault()
                : tls(Path.of(arguments[0]), arguments[1].toCharArray());
        try (ServerSocket server = sockets.createServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            Thread accepting = new Thread(() -> stub.accept(server), "accept");
            accepting.setDaemon(true);
            accepting.start();
            while (System.in.read() >= 0) {
                // until whoever started it ends
            }
        }
    }

    private static ServerSocketFactory tls(Path store, char[] password) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread thread = new Thread(() -> serve(socket), "connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // the process ends
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            OutputStream out = socket.getOutputStream();
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                byte[] body = in.readNBytes(length(head));
                String[] words = head.substring(0, head.indexOf('\r')).split(" ", 3);
                out.write(answer(words[0], words[1], new String(body, StandardCharsets.UTF_8)));
                out.flush();
            }
        } catch (IOException gone) {
            // the caller has gone
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything up to the empty line; nothing when the connection was closed. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static int length(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("\r\ncontent-length:");
        return at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 17, lower.indexOf('\r', at + 2)).strip());
    }

    private byte[] answer(String method, String target, String body) throws InterruptedException {
        if (target.startsWith("/stub")) {
            return control(method, target);
        }
        Tally now = tally;
        if (now.orders().delayMillis() > 0) {
            TimeUnit.MILLISECONDS.sleep(now.orders().delayMillis());
        }
        if (target.contains("$batch") || target.contains("%24batch")) {
            return ok(batch(body, now));
        } else if (method.equals("GET")) {
            return ok(read(target));
        } else if (target.endsWith("/executeAction")) {
            Matcher ids = IDS.matcher(body);
            String list = ids.find() ? ids.group(1) : "";
            long refused = now.count(list.split(",", -1).length);
            return refused >= 0
                    ? whole("429 Too Many Requests", retryAfter(now, refused), refusal())
                    : ok("{\"value\":{\"successfulDeviceIds\":[" + list
                            + "],\"failedDeviceIds\":[],\"notFoundDeviceIds\":[],\"notSupportedDeviceIds\":[]}}");
        }
        long refused = now.count(1);
        return refused >= 0
                ? whole("429 Too Many Requests", retryAfter(now, refused), refusal())
                : whole("204 No Content", "", "");
    }

    private byte[] control(String method, String target) {
        if (method.equals("POST")) {
            tally = new Tally(Orders.of(
                    Arrays.stream(target.substring(target.indexOf('?') + 1).split("&", -1))
                            .map(word -> word.split("=", 2))
                            .collect(Collectors.toMap(
                                    word -> word[0], word -> URLDecoder.decode(word[1], StandardCharsets.UTF_8)))));
            return ok("");
        }
        return ok(target.equals("/stub/seconds") ? tally.bySecond() : tally.report());
    }

    private String batch(String body, Tally now) {
        StringBuilder answers = new StringBuilder("{\"responses\":[");
        Matcher part = PART.matcher(body);
        while (part.find()) {
            boolean read = part.group(2).equals("GET");
            long refused = read ? -1 : now.count(1);
            answers.append(answers.charAt(answers.length() - 1) == '[' ? "" : ",")
                    .append("{\"id\":\"")
                    .append(part.group(1))
                    .append("\",\"status\":")
                    .append(refused >= 0 ? 429 : read ? 200 : 204)
                    .append(",\"headers\":{\"request-id\":\"")
                    .append(part.group(1))
                    .append('"')
                    .append(
                            refused >= 0 && now.orders().retryAfter()
                                    ? ",\"Retry-After\":\"" + seconds(refused) + '"'
                                    : "")
                    .append('}')
                    .append(read ? ",\"body\":" + read(part.group(3)) : refused >= 0 ? ",\"body\":" + refusal() : "")
                    .append('}');
        }
        return answers.append("]}").toString();
    }

    private static String read(String target) {
        Matcher id = ID.matcher(target);
        return id.find()
                ? "{\"id\":\"" + id.group(1) + "\",\"deviceName\":\"CB-" + id.group(1).substring(24)
                        + "\",\"serialNumber\":\"S" + id.group(1).substring(24)
                        + "\",\"operatingSystem\":\"ChromeOS\",\"managedDeviceOwnerType\":\"company\","
                        + "\"enrolledDateTime\":\"2024-01-01T00:00:00Z\",\"deviceActionResults\":[]}"
                : "{\"value\":[]}";
    }

    private static String refusal() {
        return "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Too many requests.\"}}";
    }

    private static String retryAfter(Tally now, long millis) {
        return now.orders().retryAfter() ? "Retry-After: " + seconds(millis) + "\r\n" : "";
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1e3);
    }

    private static byte[] ok(String body) {
        return whole("200 OK", "", body);
    }

    private static byte[] whole(String status, String header, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + "\r\nrequest-id: " + UUID.randomUUID() + "\r\n" + header
                        + (bytes.length == 0 ? "" : "Content-Type: application/json\r\n")
                        + (status.startsWith("204") ? "" : "Content-Length: " + bytes.length + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        return all;
    }

    /** What a tally's report says, by name. */
    static Map<String, Double> read(Iterable<String> lines) {
        Map<String, Double> words = new java.util.TreeMap<>();
        lines.forEach(line -> words.put(
                line.substring(0, line.indexOf('=')), Double.parseDouble(line.substring(line.indexOf('=') + 1))));
        return words;
    }
}
