package org.deprovisioner.notification;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.deprovisioner.ledger.Notifications.Delivery;
import org.deprovisioner.settings.SecretReference;

/**
 * Posts notifications to the address that is set, as JSON. With a secret each is signed: {@code Deprovisioner-Signature} is
 * {@code sha256=} and the HMAC-SHA-256, in hexadecimal digits, of the {@code Deprovisioner-Timestamp}, a dot and the body.
 */
public final class Webhook {

    static final String ID = "Deprovisioner-Id";
    static final String TIMESTAMP = "Deprovisioner-Timestamp";
    static final String SIGNATURE = "Deprovisioner-Signature";

    private final Optional<SecretReference> address;
    private final Optional<SecretReference> secret;
    private final HttpClient http;
    private final Clock clock;

    /** @param http follows no redirect, and waits for no answer for ever */
    Webhook(Optional<SecretReference> address, Optional<SecretReference> secret, HttpClient http, Clock clock) {
        this.address = address;
        this.secret = secret;
        this.http = http;
        this.clock = clock;
    }

    /** Posts a notification; it was taken when this returns. */
    public void post(Delivery notification) throws IOException {
        URI to = address();
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        HttpPost post = new HttpPost(to);
        post.setEntity(new StringEntity(notification.content(), ContentType.APPLICATION_JSON));
        post.setHeader(ID, notification.id());
        post.setHeader(TIMESTAMP, timestamp);
        secret.ifPresent(key -> post.setHeader(
                SIGNATURE, "sha256=" + hmac(key.now().value(), timestamp + "." + notification.content())));
        int status = http.execute(post, answer -> answer.getCode());
        if (status / 100 == 3) {
            throw new NotDeliveredException(to.getHost() + " answered with a redirect (" + status
                    + "), which is not followed. Set deprovision.notifications.webhook to where it leads.");
        }
        if (status / 100 != 2) {
            throw new NotDeliveredException(to.getHost() + " answered " + status + ".");
        }
    }

    /** It may be renewed in its file or vault, so it is checked each time. */
    private URI address() throws IOException {
        String text = address.map(found -> found.now().value()).orElse("");
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException unusable) { // its message would tell the address
            throw new NotDeliveredException("deprovision.notifications.webhook is no URL.");
        }
        boolean loopback = uri.getHost() != null && uri.getHost().matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
        if (uri.getHost() == null || !("https".equals(uri.getScheme()) || loopback)) {
            throw new NotDeliveredException(
                    "deprovision.notifications.webhook is no https:// URL (http:// is for loopback addresses alone).");
        }
        return uri;
    }

    static String hmac(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
