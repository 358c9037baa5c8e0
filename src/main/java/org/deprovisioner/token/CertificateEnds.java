package org.deprovisioner.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.UnreadableSecretException;

/**
 * When what a tenant signs in with ends, as far as it can be known: a certificate says so itself. When a client secret
 * ends stands in the app registration alone, which the app may not read.
 */
public final class CertificateEnds {

    private static final Duration SOON = Duration.ofDays(30);

    private CertificateEnds() {}

    /** When the certificate of a tenant ends; empty where it has none that can be read. */
    public static Optional<Instant> of(Settings.Tenant tenant) {
        if (tenant.credential() instanceof Credential.ClientCertificate certificate) {
            try {
                return Optional.of(AppCertificate.read(certificate)
                        .chain()
                        .get(0)
                        .getNotAfter()
                        .toInstant());
            } catch (IOException | UncheckedIOException | UnreadableSecretException unreadable) {
                return Optional.empty(); // signing in says why
            }
        }
        return Optional.empty();
    }

    /** What is to be said of a certificate that ends within 30 days, or has ended; empty for any other. */
    public static Optional<String> warning(Settings.Tenant tenant, Instant now) {
        return of(tenant)
                .filter(end -> end.isBefore(now.plus(SOON)))
                .map(end -> "The certificate of tenant %s %s on %s."
                        .formatted(
                                tenant.name(),
                                end.isBefore(now) ? "ended" : "ends",
                                end.toString().substring(0, 10)));
    }
}
