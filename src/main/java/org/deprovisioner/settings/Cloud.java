package org.deprovisioner.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Microsoft's clouds. Who signs in at one gets tokens for the Graph of that one.
 *
 * @see <a href="https://learn.microsoft.com/graph/deployments">National cloud deployments</a>
 */
enum Cloud {
    GLOBAL("graph.microsoft.com", "login.microsoftonline.com login.windows.net login.microsoft.com"),
    USGOV("graph.microsoft.us", "login.microsoftonline.us login.usgovcloudapi.net"),
    USGOV_DOD("dod-graph.microsoft.us", "login.microsoftonline.us login.usgovcloudapi.net"),
    CHINA("microsoftgraph.chinacloudapi.cn", "login.chinacloudapi.cn login.partner.microsoftonline.cn");

    private final String graph;
    private final String authorities;

    /** With the hosts of its sign-in, the one to be used first, a space between them. */
    Cloud(String graph, String authorities) {
        this.graph = graph;
        this.authorities = authorities;
    }

    static SettingType<Cloud> kind() {
        return SettingType.words(words().split(", "))
                .map(name -> valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT)));
    }

    /** The names of all as a setting has them. */
    static String words() {
        return Arrays.stream(values())
                .map(cloud -> cloud.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }

    URI graphBaseUrl() {
        return URI.create("https://" + graph + "/beta");
    }

    URI authorityHost() {
        return URI.create("https://" + authorities.split(" ", 2)[0]);
    }

    /** The clouds that sign in at this host; any might for a host of which nothing is known. */
    static Set<Cloud> signingInAt(URI authority) {
        return with(authority.getHost(), cloud -> Set.of(cloud.authorities.split(" ")));
    }

    /** The clouds that have their Graph there; any might for a host of which nothing is known. */
    static Set<Cloud> withGraphAt(URI graph) {
        return with(graph.getHost(), cloud -> Set.of(cloud.graph));
    }

    private static Set<Cloud> with(@Nullable String host, Function<Cloud, Set<String>> hosts) {
        String name = Optional.ofNullable(host).orElse("").toLowerCase(Locale.ROOT);
        Set<Cloud> found = Arrays.stream(values())
                .filter(cloud -> hosts.apply(cloud).contains(name))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Cloud.class)));
        return found.isEmpty() ? EnumSet.allOf(Cloud.class) : found;
    }
}
