package org.deprovisioner.console;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.deprovisioner.settings.Settings;

/**
 * The names by which the console may be called. A page from elsewhere can give its own name our address (DNS rebinding);
 * it cannot choose what the browser then says in {@code Host}.
 */
final class Hosts {

    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final Set<String> names = new LinkedHashSet<>();
    private final Optional<URI> url;

    Hosts(Settings.Console console) {
        url = console.url();
        url.ifPresent(address -> names.add(plain(address.getHost())));
        String listen = console.listen().map(Hosts::plain).orElse("");
        Set<String> loopback = Set.of("localhost", "127.0.0.1", "[::1]");
        names.addAll(loopback);
        if (!listen.equals("0.0.0.0") && !listen.equals("[::]")) {
            names.add(listen);
        } else {
            addOwn();
        }
    }

    /** A wildcard is every address of this machine, and its name. */
    private void addOwn() {
        try {
            names.add(plain(InetAddress.getLocalHost().getHostName()));
            names.add(plain(InetAddress.getLocalHost().getCanonicalHostName()));
        } catch (UnknownHostException nameless) {
            // its addresses are left
        }
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .map(address -> address.replaceFirst("%.*", ""))
                    .map(address -> address.contains(":") ? "[" + address + "]" : address)
                    .map(address -> address.toLowerCase(Locale.ROOT))
                    .forEach(names::add);
        } catch (SocketException unknown) {
            // its name is left
        }
    }

    /** Whether a {@code Host} header names this console. */
    boolean isOurs(String host) {
        return names.contains(plain(host));
    }

    /** Whether a browser that says this {@code Host} came over TLS, be it that of a proxy before us. */
    boolean isSecure(String host, boolean tls) {
        return tls
                || url.filter(address -> "https".equals(address.getScheme())
                                && plain(host).equals(plain(address.getHost())))
                        .isPresent();
    }

    /** In small letters and without a port. */
    private static String plain(String host) {
        return PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    }
}
