package org.deprovisioner.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.ssl.SSLContexts;

/** What a browser does, without one: it keeps cookies, says its origin, and follows nothing by itself. */
final class Browser implements AutoCloseable {

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final URI base;
    private final CloseableHttpClient http;
    private final Map<String, String> cookies = new TreeMap<>();

    private Browser(URI base, CloseableHttpClient http) {
        this.base = base;
        this.http = http;
    }

    static Browser at(String base) {
        try {
            return new Browser(
                    URI.create(base),
                    HttpClients.custom()
                            .disableRedirectHandling()
                            .disableCookieManagement()
                            .disableAutomaticRetries()
                            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                                    .setMaxConnTotal(100)
                                    .setMaxConnPerRoute(100)
                                    .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                                            SSLContexts.custom()
                                                    .loadTrustMaterial((chain, type) -> true)
                                                    .build(),
                                            HostnameVerificationPolicy.CLIENT,
                                            NoopHostnameVerifier.INSTANCE))
                                    .build())
                            .build());
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What was answered. */
    record Answer(int status, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }

        String csrf() {
            Matcher token = CSRF.matcher(body);
            return token.find() ? token.group(1) : "";
        }
    }

    Answer get(String path) {
        return send("GET", path, Map.of(), Optional.empty());
    }

    Answer get(String path, Map<String, String> headers) {
        return send("GET", path, headers, Optional.empty());
    }

    /** Posts a form as a page of the console does. */
    Answer post(String path, Map<String, String> form) {
        return post(path, form, Map.of("Origin", origin()));
    }

    Answer post(String path, Map<String, String> form, Map<String, String> headers) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        Map<String, String> all = new TreeMap<>(headers);
        all.putIfAbsent("Content-Type", ContentType.APPLICATION_FORM_URLENCODED.toString());
        return send("POST", path, all, Optional.of(body));
    }

    Answer send(String method, String path, Map<String, String> headers, Optional<String> body) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, base.resolve(path));
        headers.forEach(request::setHeader);
        if (!cookies.isEmpty() && !headers.containsKey("Cookie")) {
            request.setHeader(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        body.ifPresent(text -> request.setEntity(new StringEntity(text, StandardCharsets.UTF_8)));
        if (headers.containsKey("Content-Type")) {
            request.setHeader("Content-Type", headers.get("Content-Type"));
        }
        try {
            Answer answer = http.execute(request, response -> {
                Map<String, List<String>> said = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                said.putAll(Arrays.stream(response.getHeaders())
                        .collect(Collectors.groupingBy(
                                org.apache.hc.core5.http.NameValuePair::getName,
                                Collectors.mapping(
                                        org.apache.hc.core5.http.NameValuePair::getValue, Collectors.toList()))));
                String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
                return new Answer(response.getCode(), said, text);
            });
            answer.headers().getOrDefault("Set-Cookie", List.of()).forEach(this::keep);
            return answer;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void keep(String cookie) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty()) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    String origin() {
        return base.toString();
    }

    Map<String, String> cookies() {
        return cookies;
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException(unclosed);
        }
    }
}
