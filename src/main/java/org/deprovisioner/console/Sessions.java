package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in. A session ends 30 minutes after its last request and 8 hours after its first, when its person signs
 * out, and when the service ends. Safe for many threads.
 */
final class Sessions {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration LONGEST = Duration.ofHours(8);
    private static final int MOST = 5_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;

    /** By the token itself; the one that rests longest comes first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /**
     * A session of a person.
     *
     * @param csrf what its forms carry, which no other page can read
     */
    record Session(Person person, String csrf, Instant began, Instant lastUsed) {

        private boolean isOver(Instant now) {
            return now.isAfter(lastUsed.plus(IDLE)) || now.isAfter(began.plus(LONGEST));
        }

        boolean isTokenOfForm(String token) {
            return MessageDigest.isEqual(csrf.getBytes(UTF_8), token.getBytes(UTF_8));
        }
    }

    /** Begins a session, and gives what the cookie holds. */
    synchronized String begin(Person person) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> session.isOver(now));
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String token = random();
        sessions.put(token, new Session(person, random(), now, now));
        return token;
    }

    /** The session of a cookie, which is used by this; empty when there is none, or it has ended. */
    synchronized Optional<Session> of(String token) {
        Instant now = clock.instant();
        Session session = sessions.get(token);
        if (session == null) {
            return Optional.empty();
        } else if (session.isOver(now)) {
            sessions.remove(token);
            return Optional.empty();
        }
        Session used = new Session(session.person, session.csrf, session.began, now);
        sessions.put(token, used);
        return Optional.of(used);
    }

    synchronized void end(String token) {
        sessions.remove(token);
    }

    /** What nobody guesses: 256 bits. */
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
