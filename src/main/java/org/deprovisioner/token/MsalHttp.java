package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.deprovisioner.settings.Secret;

/**
 * Lets MSAL speak through our HTTP client, whose redirects, repetitions, time and trust we know: its own would carry the
 * secret along a redirect. What an endpoint says back of the secret is masked before MSAL reads it, as MSAL logs what it
 * is told.
 */
record MsalHttp(HttpClient http, Secret secret) implements IHttpClient {

    @Override
    public IHttpResponse send(HttpRequest request) throws IOException {
        return http.execute(said(request), this::heard);
    }

    private static ClassicHttpRequest said(HttpRequest request) {
        ClassicRequestBuilder said = ClassicRequestBuilder.create(
                        request.httpMethod().name())
                .setUri(request.url().toString());
        request.headers().forEach(said::addHeader);
        if (request.body() != null) {
            said.setEntity(new StringEntity(request.body(), ContentType.APPLICATION_FORM_URLENCODED));
        }
        return said.build();
    }

    private IHttpResponse heard(ClassicHttpResponse response) throws IOException, HttpException {
        Map<String, List<String>> headers = Stream.of(response.getHeaders())
                .collect(Collectors.groupingBy(
                        NameValuePair::getName, Collectors.mapping(Header::getValue, Collectors.toList())));
        String body = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity(), UTF_8);
        return new Heard(response.getCode(), headers, masked(body));
    }

    private String masked(String body) {
        return body.replace(secret.value(), secret.toString())
                .replace(URLEncoder.encode(secret.value(), UTF_8), secret.toString());
    }

    /** What MSAL is given to read; it masks itself, as it holds the token. */
    private record Heard(int statusCode, Map<String, List<String>> headers, String body) implements IHttpResponse {

        @Override
        public String toString() {
            return "Heard[" + statusCode + "]";
        }
    }
}
