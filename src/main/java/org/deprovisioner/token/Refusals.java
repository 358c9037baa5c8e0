package org.deprovisioner.token;

import com.microsoft.aad.msal4j.MsalServiceException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.deprovisioner.settings.Settings;

/**
 * What a failure to get a token means, and what to do about it. The exceptions themselves are not kept: what a token
 * endpoint says may repeat what it was sent.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">AADSTS error codes</a>
 */
final class Refusals {

    private static final Pattern CODE = Pattern.compile("AADSTS\\d{5,8}");
    private static final Pattern TRACES = Pattern.compile("\\s*(Trace ID|Correlation ID|Timestamp):.*", Pattern.DOTALL);
    private static final int LONGEST = 300;

    private static final String CLOCK = "Set this machine's clock: it and Entra's differ by more than five minutes.";

    private static final String UNKNOWN =
            "Look the code up at https://login.microsoftonline.com/error, and check the app"
                    + " registration and the sign-in log of Entra.";
    private static final String STRANGER =
            "Check the authority, and whether a captive portal or proxy stands between this machine and Entra.";

    private static final Map<String, String> REMEDIES = Map.ofEntries(
            Map.entry(
                    "AADSTS7000215",
                    "The client secret is wrong: put the secret's value, not its id, into AZURE_CLIENT_SECRET."),
            Map.entry(
                    "AADSTS7000222",
                    "The client secret has expired: make a new one in the app registration and put it"
                            + " into AZURE_CLIENT_SECRET."),
            Map.entry("AADSTS700016", "The tenant does not know the app: check AZURE_CLIENT_ID and AZURE_TENANT_ID."),
            Map.entry("AADSTS90002", "There is no such tenant: check AZURE_TENANT_ID, and the cloud or authority."),
            Map.entry(
                    "AADSTS65001",
                    "Nobody has consented to the app's permissions: an administrator grants consent in"
                            + " the app registration, under API permissions."),
            Map.entry("AADSTS700027", "Entra does not know the certificate: upload it to the app registration."),
            Map.entry(
                    "AADSTS50196",
                    "Entra sees too many sign-ins of this app in a loop: see what else uses it, and wait."),
            Map.entry("AADSTS500113", CLOCK),
            Map.entry("AADSTS700024", CLOCK));

    private final Settings.Tenant tenant;

    Refusals(Settings.Tenant tenant) {
        this.tenant = tenant;
    }

    TokenException of(Throwable failure) {
        if (has(failure, UnknownHostException.class)) {
            return because(
                    "", "the host is not known", "Check the authority, AZURE_AUTHORITY_HOST and the name service.");
        }
        if (has(failure, SSLException.class)) {
            return because(
                    "",
                    "no trusted connection: " + innermost(failure),
                    "Give the certificate authority of the proxy or private cloud with deprovision.tls.ca-file, and check"
                            + " this machine's clock.");
        }
        if (has(failure, IOException.class)) {
            return because(
                    "",
                    "it cannot be reached: " + innermost(failure),
                    "Check the network, the proxy and the authority.");
        }
        String said = failure.getMessage();
        if (failure instanceof MsalServiceException && said != null) {
            return refused(said);
        }
        return because("", "what answered is not Entra", STRANGER);
    }

    TokenException interrupted() {
        return because("", "the program stops", "Nothing to do.");
    }

    private TokenException refused(String said) {
        Matcher found = CODE.matcher(said);
        return found.find()
                ? because(found.group(), words(said), REMEDIES.getOrDefault(found.group(), UNKNOWN))
                : because("", words(said), STRANGER);
    }

    private TokenException because(String code, String reason, String remedy) {
        String message = "No token for tenant " + tenant.name() + " from " + tenant.authority() + ": " + reason;
        return new TokenException(tenant.name(), code, message, remedy);
    }

    private String words(String message) {
        String own = TRACES.matcher(message).replaceAll("");
        return own.length() > LONGEST ? own.substring(0, LONGEST) + " …" : own;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return causes(failure).anyMatch(type::isInstance);
    }

    private static String innermost(Throwable failure) {
        return causes(failure)
                .reduce((outer, inner) -> inner)
                .map(Throwable::toString)
                .orElse("");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
