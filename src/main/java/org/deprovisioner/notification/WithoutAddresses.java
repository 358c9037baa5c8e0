package org.deprovisioner.notification;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of webhooks and mail servers are secrets, and clients name them in their faults. */
final class WithoutAddresses {

    private static final Pattern URL = Pattern.compile(
            "(?i)\\b[a-z][a-z0-9+.-]*:(?://|(?=[^\\s/]*@))(?:[^\\s/@'\"]*@)?(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::\\d+)?[^\\s'\"]*");

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)\\b((?:pass|pwd|secret|token|key|sig)\\w*=)[^&;\\s]+");

    private static final Pattern CLASS_OF_FAULT = Pattern.compile("^([a-z]\\w*\\.)+\\w+(Exception|Error): ");

    private static final int LONGEST = 500;

    private WithoutAddresses() {}

    /** What a fault says, in which of each address its host alone is left. */
    static String of(String text) {
        String told = CLASS_OF_FAULT.matcher(text).replaceFirst("");
        String hosts = URL.matcher(told).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
        String bare = PARAMETER.matcher(hosts).replaceAll("$1…");
        return bare.length() > LONGEST ? bare.substring(0, LONGEST) + "…" : bare;
    }
}
