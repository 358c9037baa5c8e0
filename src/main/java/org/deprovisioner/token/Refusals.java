package org.deprovisioner.token;

import com.microsoft.aad.msal4j.MsalServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.TextFile;
import org.deprovisioner.settings.UnreadableSecretException;

/**
 * What a failure to get a token means, and what to do about it. The exceptions themselves are not kept: what a token
 * endpoint says may repeat what it was sent.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">AADSTS error codes</a>
 */
final class Refusals {

    private static final Pattern CODE = Pattern.compile("AADSTS\\d{5,8}");
    private static final Pattern BARE_ERROR = Pattern.compile("\\{\\s*\"error\"\\s*:\\s*\"([a-z_]+)\"");
    private static final Pattern DESCRIPTION = Pattern.compile("\"error_description\"\\s*:\\s*\"([^\"\\\\]+)\"");
    private static final Pattern TRACES = Pattern.compile("\\s*(Trace ID|Correlation ID|Timestamp):.*", Pattern.DOTALL);
    private static final int LONGEST = 300;

    private static final String CLOCK = "Set this machine's clock: it and Entra's differ by more than five minutes.";

    private static final String UNKNOWN =
            "Look the code up at https://login.microsoftonline.com/error, and check the app"
                    + " registration and the sign-in log of Entra.";
    private static final String STRANGER =
            "Check the authority, and whether a captive portal or proxy stands between this machine and Entra.";

    private static final String IDENTITY =
            "Is this a machine or site of Azure, and does it have an identity? Assign one in Azure; a user-assigned one is named"
                    + " by AZURE_CLIENT_ID.";

    private static final String UNWELL =
            "Entra has a fault or throttles, which passes by itself; if it lasts, look at Azure's status page and at what"
                    + " stands between this machine and Entra.";

    private static final String LOGIN = "Sign in again: ./deprovision login";
    private static final String TENANT = "There is no such tenant: check AZURE_TENANT_ID, and the cloud or authority.";
    private static final String FEDERATION =
            "Entra does not trust this token: compare issuer, subject and audience of the token in AZURE_FEDERATED_TOKEN_FILE"
                    + " with the federated credential of the app registration.";

    private static final Map<String, String> REMEDIES = Map.ofEntries(
            Map.entry(
                    "AADSTS7000215",
                    "The client secret is wrong: put the secret's value, not its id, into the file of"
                            + " AZURE_CLIENT_SECRET_FILE, or into AZURE_CLIENT_SECRET and start again."),
            Map.entry(
                    "AADSTS7000222",
                    "The client secret has expired: make a new one in the app registration and put it into the file of"
                            + " AZURE_CLIENT_SECRET_FILE, or into AZURE_CLIENT_SECRET and start again."),
            Map.entry("AADSTS700016", "The tenant does not know the app: check AZURE_CLIENT_ID and AZURE_TENANT_ID."),
            Map.entry("AADSTS7000112", "The app is disabled: enable it in Entra, under enterprise applications."),
            Map.entry("AADSTS90002", TENANT),
            Map.entry("AADSTS900023", TENANT),
            Map.entry(
                    "AADSTS65001",
                    "Nobody has consented to the app's permissions: an administrator grants consent in"
                            + " the app registration, under API permissions."),
            Map.entry("AADSTS700027", "Entra does not know the certificate: upload it to the app registration."),
            Map.entry("AADSTS70021", FEDERATION),
            Map.entry("AADSTS700211", FEDERATION),
            Map.entry("AADSTS700212", FEDERATION),
            Map.entry("AADSTS700213", FEDERATION),
            Map.entry(
                    "AADSTS7000218",
                    "The app may not sign people in: allow public client flows in the app registration, under"
                            + " Authentication."),
            Map.entry(
                    "AADSTS50196",
                    "Entra sees too many sign-ins of this app in a loop: see what else uses it, and wait."),
            Map.entry("AADSTS70043", LOGIN),
            Map.entry("AADSTS70008", LOGIN),
            Map.entry("AADSTS700082", LOGIN),
            Map.entry("AADSTS50173", LOGIN),
            Map.entry("AADSTS50076", LOGIN),
            Map.entry("AADSTS50079", LOGIN),
            Map.entry("AADSTS50078", LOGIN),
            Map.entry(
                    "AADSTS53003",
                    "A conditional access policy of the tenant refuses this sign-in: see Entra's sign-in log."),
            Map.entry("AADSTS500113", CLOCK),
            Map.entry("AADSTS500133", CLOCK),
            Map.entry("AADSTS700024", CLOCK));

    private static final String CREDENTIAL =
            "Entra does not accept the app's id together with its secret or certificate: check AZURE_CLIENT_ID,"
                    + " AZURE_TENANT_ID, and the secret (its value, not its id) or certificate.";

    /** What OAuth calls a refusal, where Entra gives no code of its own. */
    private static final Map<String, String> REMEDIES_OF_OAUTH = Map.of(
            "invalid_client", CREDENTIAL,
            "unauthorized_client",
                    "The app registration does not allow this way to sign in: check deprovision.auth, and"
                            + " the app under Authentication.",
            "invalid_grant", LOGIN,
            "interaction_required", LOGIN,
            "invalid_scope",
                    "Check deprovision.graph.base-url and deprovision.cloud: the token is asked for that host.",
            "invalid_request", "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the authority.",
            "invalid_tenant", TENANT);

    private final Settings.Tenant tenant;

    Refusals(Settings.Tenant tenant) {
        this.tenant = tenant;
    }

    TokenException of(Throwable failure) {
        if (failure instanceof EntraSignIn.NobodySignedInException) {
            return because("", "nobody has signed in", LOGIN);
        }
        if (failure instanceof UnreadableSecretException unread) {
            return new TokenException(
                    tenant.name(), "", message(innermost(unread)), unread.remedy(), unread.isUnreachable());
        }
        if (has(failure, MsalHttp.NotEntraException.class)) {
            return unreachable(innermost(failure), STRANGER);
        }
        if (has(failure, MsalHttp.UnfitAnswerException.class)) {
            return unreachable(innermost(failure), UNWELL);
        }
        if (has(failure, UnknownHostException.class)) {
            return unreachable(
                    "the host is not known", "Check the authority, AZURE_AUTHORITY_HOST and the name service.");
        }
        if (has(failure, SSLException.class)) {
            return unreachable(
                    "no trusted connection: "
                            + (has(failure, CertificateExpiredException.class) ? "the certificate has expired, " : "")
                            + innermost(failure),
                    "Give the certificate authority of the proxy or private cloud with deprovision.tls.ca-file, and check"
                            + " this machine's clock.");
        }
        Optional<UnusableCertificateException> certificate = found(failure, UnusableCertificateException.class);
        if (certificate.isPresent()) {
            return because("", innermost(failure), certificate.get().remedy());
        }
        if (has(failure, TextFile.NoTextException.class)) {
            return because("", innermost(failure), "Save it as UTF-8, with nothing else in it.");
        }
        if (has(failure, FileSystemException.class) || has(failure, UncheckedIOException.class)) {
            return because("", "a file cannot be read: " + innermost(failure), "Check its path and its rights.");
        }
        if (has(failure, IOException.class)) {
            return unreachable(
                    innermost(failure),
                    isOfTheMachine()
                            ? IDENTITY
                            : "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), the authority and the credential's"
                                    + " file.");
        }
        if (failure instanceof MsalServiceException refusal
                && (refusal.getMessage() != null || refusal.errorCode() != null)) {
            return refused(
                    Objects.requireNonNullElse(refusal.getMessage(), ""),
                    Objects.requireNonNullElse(refusal.errorCode(), ""));
        }
        return unreachable("what answered is not Entra", STRANGER);
    }

    TokenException interrupted() {
        return unreachable("the program stops", "Nothing to do.");
    }

    private TokenException refused(String said, String oauth) {
        Matcher found = CODE.matcher(said);
        if (found.find()) {
            return because(found.group(), words(said), remedy(REMEDIES.getOrDefault(found.group(), UNKNOWN)));
        }
        // MSAL hands on the whole answer where Entra gives an error and no description of it
        Matcher bare = BARE_ERROR.matcher(said);
        String error = bare.find() ? bare.group(1) : oauth;
        Matcher described = DESCRIPTION.matcher(said);
        String reason = described.find()
                ? "it answers " + error + ": " + words(described.group(1))
                : said.isBlank() || !error.equals(oauth) ? "it answers " + error : words(said);
        return REMEDIES_OF_OAUTH.containsKey(error) && !isOfTheMachine()
                ? because("", reason, remedy(REMEDIES_OF_OAUTH.getOrDefault(error, UNKNOWN)))
                : because("", reason, isOfTheMachine() ? IDENTITY : STRANGER);
    }

    private boolean isOfTheMachine() {
        return tenant.credential() instanceof Settings.Credential.ManagedIdentity;
    }

    /** What is to be done, in the words of this tenant's settings. */
    private String remedy(String remedy) {
        if (tenant.name().equals("default")) {
            return remedy;
        }
        return remedy.equals(LOGIN)
                ? LOGIN + " --tenant " + tenant.name()
                : remedy + " What the tenant has of its own stands in deprovision.tenants." + tenant.name() + ".*.";
    }

    private TokenException because(String code, String reason, String remedy) {
        return new TokenException(tenant.name(), code, message(reason), remedy, false);
    }

    private TokenException unreachable(String reason, String remedy) {
        return new TokenException(tenant.name(), "", message(reason), remedy, true);
    }

    private String message(String reason) {
        String source = isOfTheMachine()
                ? "the identity of this machine"
                : tenant.authority().toString();
        return "No token for tenant " + tenant.name() + " from " + source + ": " + reason
                + (reason.endsWith(".") ? "" : ".");
    }

    private String words(String message) {
        String own = TRACES.matcher(message).replaceAll("");
        return own.length() > LONGEST ? own.substring(0, LONGEST) + " …" : own;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return found(failure, type).isPresent();
    }

    private static <T extends Throwable> Optional<T> found(Throwable failure, Class<T> type) {
        return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static String innermost(Throwable failure) {
        return causes(failure)
                .reduce((outer, inner) -> inner)
                .map(cause -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage())
                .orElse("");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
