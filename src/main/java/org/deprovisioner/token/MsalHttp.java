package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.deprovisioner.settings.Secret;

/**
 * Lets MSAL speak through our HTTP client, whose redirects, repetitions, time and trust we know: its own would carry the
 * secret along a redirect. What an endpoint says back of a secret is masked before MSAL reads it, as MSAL logs what it is
 * told; and what is no answer of Entra's is an exception with a reason, as MSAL would read it wrongly, repeat the call or
 * lock itself for minutes.
 */
record MsalHttp(HttpClient http) implements IHttpClient {

    private static final Pattern SECRETS =
            Pattern.compile("(?:^|&)(?:client_secret|client_assertion|refresh_token|device_code)=([^&]+)");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String MASK = new Secret("").toString();

    @Override
    public IHttpResponse send(HttpRequest request) throws IOException {
        Heard heard = http.execute(said(request), response -> heard(response, request));
        boolean json = heard.body().stripLeading().startsWith("{");
        if (heard.statusCode() / 100 == 3) {
            throw new NotEntraException(
                    "it answered " + heard.statusCode() + ", a redirect, which is never followed with a secret");
        } else if (heard.statusCode() == 429 || heard.statusCode() >= 500) {
            throw new UnfitAnswerException("it answered " + heard.statusCode() + (json ? "" : " and no JSON"));
        } else if (!json) {
            throw new NotEntraException("what answered, with " + heard.statusCode() + " and no JSON, is not Entra");
        } else if (!isWhole(heard.body())) {
            throw new UnfitAnswerException("its answer " + heard.statusCode() + " is damaged, or contradicts itself");
        }
        return heard;
    }

    /** MSAL takes the latter of two values of one key, and an answer cut off for an empty one. */
    private static boolean isWhole(String json) {
        try {
            return STRICT.readTree(json).isObject();
        } catch (JsonProcessingException damaged) {
            return false;
        }
    }

    private static HttpUriRequestBase said(HttpRequest request) {
        HttpUriRequestBase said = new HttpUriRequestBase(
                request.httpMethod().name(), URI.create(request.url().toString()));
        request.headers().forEach(said::addHeader);
        if (request.body() != null) {
            said.setEntity(new StringEntity(request.body(), ContentType.APPLICATION_FORM_URLENCODED));
        }
        return said;
    }

    private static Heard heard(ClassicHttpResponse response, HttpRequest request) throws IOException, HttpException {
        Map<String, List<String>> headers = Stream.of(response.getHeaders())
                .collect(Collectors.groupingBy(
                        NameValuePair::getName, Collectors.mapping(Header::getValue, Collectors.toList())));
        String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity(), UTF_8);
        String body = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        // a token that was granted may be the refresh token over again
        boolean granted = response.getCode() == 200;
        return new Heard(response.getCode(), headers, granted || request.body() == null ? body : masked(body, request));
    }

    private static String masked(String body, HttpRequest request) {
        String masked = body;
        for (MatchResult secret : SECRETS.matcher(request.body()).results().toList()) {
            masked = masked.replace(secret.group(1), MASK).replace(URLDecoder.decode(secret.group(1), UTF_8), MASK);
        }
        return masked;
    }

    /** The endpoint is unwell, or throttles us. */
    static final class UnfitAnswerException extends IOException {

        UnfitAnswerException(String why) {
            super(why);
        }
    }

    /** Something else answered: a captive portal, or a proxy. */
    static final class NotEntraException extends IOException {

        NotEntraException(String why) {
            super(why);
        }
    }

    /** What MSAL is given to read; it masks itself, as it holds the token. */
    record Heard(int statusCode, Map<String, List<String>> headers, String body) implements IHttpResponse {

        @Override
        public String toString() {
            return "Heard[" + statusCode + "]";
        }
    }
}
