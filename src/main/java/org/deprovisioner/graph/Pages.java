package org.deprovisioner.graph;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a list of devices was read, page after page. It is never read elsewhere than Graph's list of devices, nor for
 * ever: a page that was read before is noticed by one that is kept for comparison, a later one each time twice as many
 * were read (Brent's way to find a cycle).
 *
 * @param query of the page to read
 * @param number which page it is, from 1
 * @param kept the query of a page before
 */
public record Pages(String query, int number, String kept) {

    private static final Pattern TO_ENCODE = Pattern.compile("[ \"<>\\\\^`{|}]");

    public static Pages from(String query) {
        return new Pages(query, 1, query);
    }

    /**
     * The page after this one, empty when it is the last.
     *
     * @param most how many pages are read at most
     * @throws UnusableListException when there is no next page that may be read
     */
    public Optional<Pages> after(ReadResult.Listed page, String baseUrl, int most) throws UnusableListException {
        if (page.next().isEmpty()) {
            return Optional.empty();
        }
        String next = query(page.next().get(), URI.create(baseUrl + "/" + Search.PATH));
        if (next.equals(query) || next.equals(kept)) {
            throw new UnusableListException("it goes in a circle: page " + number + " names one before it as the next");
        }
        if (number >= most) {
            throw new UnusableListException("it has no end within " + most + " pages");
        }
        boolean isPowerOfTwo = Integer.bitCount(number) == 1;
        return Optional.of(new Pages(next, number + 1, isPowerOfTwo ? next : kept));
    }

    private static String query(String link, URI list) throws UnusableListException {
        URI next = parsed(link);
        boolean same = list.getScheme().equalsIgnoreCase(next.getScheme())
                && list.getHost().equalsIgnoreCase(next.getHost())
                && port(list) == port(next)
                && next.getRawUserInfo() == null
                && next.getRawFragment() == null
                && list.getRawPath().equalsIgnoreCase(next.getRawPath());
        if (!same || next.getRawQuery() == null) {
            throw new UnusableListException(
                    "it goes on at another address than Graph's list of devices, which is never followed");
        }
        return next.getRawQuery();
    }

    private static URI parsed(String link) throws UnusableListException {
        try {
            String encoded = TO_ENCODE
                    .matcher(link)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            "%%%02X".formatted((int) found.group().charAt(0))));
            if (StandardCharsets.US_ASCII.newEncoder().canEncode(encoded)) {
                return new URI(encoded);
            }
        } catch (URISyntaxException notOne) {
            // said below, without the link: it may hold anything
        }
        throw new UnusableListException("its next page has an address that is none");
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }
}
