package org.deprovisioner.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the administrators who approve an action in Intune are told, with the row's ticket and reason in their places.
 *
 * @param template a text in which {@code {ticket}} and {@code {reason}} stand for what the row says
 */
public record Justification(String template) {

    private static final int LONGEST = 1_024;
    private static final Pattern PLACE = Pattern.compile("\\{(ticket|reason)}");
    private static final Pattern SOUND = Pattern.compile("([^{}]|" + PLACE.pattern() + ")+");

    /** Refuses a text that is too long, or has other places to fill. */
    public Justification {
        if (template.length() > LONGEST || !SOUND.matcher(template).matches()) {
            throw new IllegalArgumentException();
        }
    }

    static SettingType<Justification> kind() {
        return new SettingType<>(
                "must be a text of at most 1,024 characters in which {ticket} and {reason} alone stand in braces",
                Justification::new);
    }

    /** The text for one row: in one line, and cut off after 1,024 characters. */
    public String of(String ticket, String reason) {
        Matcher places = PLACE.matcher(template);
        String filled = places.replaceAll(place -> Matcher.quoteReplacement(
                place.group(1).equals("reason") ? reason : ticket.isBlank() ? "(no ticket)" : ticket));
        String line = filled.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        int end = Math.min(LONGEST, line.length());
        return line.substring(
                0, end < line.length() && Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end);
    }
}
