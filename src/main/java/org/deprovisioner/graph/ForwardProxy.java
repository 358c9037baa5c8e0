package org.deprovisioner.graph;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxy that stands between this machine and Graph and Entra ID. Every https call that {@code NO_PROXY} does
 * not except goes through a tunnel that the proxy opens, so the proxy sees neither token nor secret; its own user and
 * password are sent with the first word to it and to nobody else.
 */
final class ForwardProxy extends DefaultRoutePlanner {

    private final HttpHost host;
    private final Optional<UsernamePasswordCredentials> credentials;
    private final Set<String> except;

    ForwardProxy(Settings.Proxy settings) {
        super(null);
        host = new HttpHost("http", settings.host(), settings.port());
        credentials = settings.user()
                .map(user -> new UsernamePasswordCredentials(
                        user, settings.password().map(Secret::value).orElse("").toCharArray()));
        except = settings.except();
    }

    /** {@inheritDoc} Plain http is for this machine alone and needs no proxy. */
    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
        return target.getSchemeName().equals("https") && !isExcepted(target) ? host : null;
    }

    /** Tells the proxy who we are before it asks. */
    void introduce(HttpRoute route, HttpClientContext context) {
        if (host.equals(route.getProxyHost())) {
            credentials.ifPresent(who -> {
                BasicScheme scheme = new BasicScheme();
                scheme.initPreemptive(who);
                context.getAuthExchange(host).select(scheme);
            });
        }
    }

    private boolean isExcepted(HttpHost target) {
        String name = target.getHostName().toLowerCase(Locale.ROOT);
        return except.stream()
                .map(entry -> entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                .anyMatch(entry -> entry.equals("*")
                        || isWithin(name, entry)
                        || (entry.endsWith(":" + target.getPort())
                                && isWithin(name, entry.substring(0, entry.lastIndexOf(':')))));
    }

    private static boolean isWithin(String name, String entry) {
        return name.equals(entry) || name.endsWith("." + entry);
    }
}
