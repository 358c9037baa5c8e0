package org.deprovisioner.notification;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of webhooks and mail servers are secrets, and clients name them in their faults. */
final class WithoutAddresses {

    private static final Pattern URL = Pattern.compile(
            "\\b[a-zA-Z][a-zA-Z0-9+.-]*:/{0,2}(?:[^\\s/@'\"]*@)?([A-Za-z0-9._-]+\\.[A-Za-z0-9._-]+|localhost)(?::\\d+)?[^\\s'\"]*");

    private static final int LONGEST = 500;

    private WithoutAddresses() {}

    /** A text in which of each address its host alone is left. */
    static String of(String text) {
        String bare = URL.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
        return bare.length() > LONGEST ? bare.substring(0, LONGEST) + "…" : bare;
    }
}
