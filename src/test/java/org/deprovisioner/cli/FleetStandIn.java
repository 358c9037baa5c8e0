package org.deprovisioner.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Graph that knows nothing but lists of devices, in pages of a thousand, and answers as it is told. */
final class FleetStandIn implements AutoCloseable {

    static final int PAGE = 1_000;
    private static final Pattern TOKEN = Pattern.compile("\\$skiptoken=(\\d+)");

    private final HttpServer server;
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final List<String> devices;
    private Behaviour behaviour = (page, request) -> Optional.empty();

    /** What is answered in place of a page. */
    record Answer(int status, String body) {}

    /** How pages are answered. */
    interface Behaviour {

        /** What is answered to the so manieth request in all, which asks for this page; a page where empty. */
        Optional<Answer> to(int page, int request);
    }

    FleetStandIn(int count) throws IOException {
        devices = new ArrayList<>(
                IntStream.range(0, count).mapToObj(FleetStandIn::device).toList());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/beta/deviceManagement/managedDevices", this::answer);
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/beta";
    }

    FleetStandIn answering(Behaviour other) {
        behaviour = other;
        return this;
    }

    /** All that was asked for so far. */
    List<String> queries() {
        return List.copyOf(queries);
    }

    static String id(int number) {
        return new UUID(0x4000L, number + 1L).toString();
    }

    private static String device(int number) {
        return device(
                id(number),
                "CB-%05d".formatted(number),
                number % 2 == 0 ? "ChromeOS" : "Windows",
                number % 4 == 0 ? "2020-01-01T00:00:00Z" : "2999-01-01T00:00:00Z");
    }

    static String device(String id, String name, String operatingSystem, String lastSync) {
        return """
                {"id":"%s","deviceName":"%s","serialNumber":"SN-%s","operatingSystem":"%s","model":"=Model 1",\
                "userPrincipalName":"%s@school.example","managementState":"managed","osVersion":"120.0",\
                "enrolledDateTime":"2019-08-01T00:00:00Z","lastSyncDateTime":"%s"}\
                """.formatted(id, name, name, operatingSystem, name.toLowerCase(java.util.Locale.ROOT), lastSync);
    }

    FleetStandIn with(String device) {
        devices.add(device);
        return this;
    }

    /** The devices of a page, with the address of the one that follows it. */
    String page(int page, Optional<Integer> next) {
        return devices.stream()
                .skip((long) page * PAGE)
                .limit(PAGE)
                .collect(Collectors.joining(
                        ",",
                        "{\"value\":[",
                        "]"
                                + next.map(number -> ",\"@odata.nextLink\":\"" + link(number) + "\"")
                                        .orElse("") + "}"));
    }

    String link(int page) {
        return baseUrl() + "/deviceManagement/managedDevices?$skiptoken=" + page;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = URLDecoder.decode(
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""), StandardCharsets.UTF_8);
        queries.add(query);
        Matcher token = TOKEN.matcher(query);
        int page = token.find() ? Integer.parseInt(token.group(1)) : 0;
        Answer answer = behaviour
                .to(page, queries.size())
                .orElseGet(() -> new Answer(
                        200, page(page, Optional.of(page + 1).filter(next -> next * PAGE < devices.size()))));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("request-id", UUID.randomUUID().toString());
        if (answer.status() == 429 || answer.status() >= 500) {
            exchange.getResponseHeaders().set("Retry-After", "0.05");
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Graph's own error. */
    static Answer error(int status, String code) {
        return new Answer(status, "{\"error\":{\"code\":\"%s\",\"message\":\"No.\"}}".formatted(code));
    }

    static URI elsewhere() {
        return URI.create("http://127.0.0.2:1/beta/deviceManagement/managedDevices?$skiptoken=1");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
