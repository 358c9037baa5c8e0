package org.deprovisioner.listing;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deprovisioner.request.Folding;

/** A text of which {@code *} stands for anything, compared as a whole, without case and surrounding space. */
public final class Wildcard {

    private static final String ANYTHING = "*";

    private final String text;
    private final Pattern pattern;

    private Wildcard(String text) {
        this.text = text;
        pattern = Pattern.compile(
                Arrays.stream(Folding.plain(text).split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    /**
     * Reads what a person typed.
     *
     * @throws IllegalArgumentException when it is blank, for a blank matches nothing
     */
    public static Wildcard of(String text) {
        if (Folding.strip(text).isEmpty()) {
            throw new IllegalArgumentException("A blank matches nothing.");
        }
        return new Wildcard(text);
    }

    boolean matches(String value) {
        return pattern.matcher(Folding.plain(value)).matches();
    }

    /** The one text that it stands for; empty where it stands for several. */
    Optional<String> exactly() {
        return text.contains(ANYTHING) ? Optional.empty() : Optional.of(Folding.strip(text));
    }
}
