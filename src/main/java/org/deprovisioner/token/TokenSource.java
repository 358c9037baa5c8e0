package org.deprovisioner.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The token of one tenant. Whoever finds one that is not to be renewed takes it without waiting; whoever finds one that
 * another thread renews takes the old one; whoever finds none waits for the one thread that gets it, and shares its
 * failure.
 */
final class TokenSource {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

    /** Over before the next probe of a paused tenant, which would otherwise find nothing but this failure. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(8);

    private final Function<Optional<String>, BearerToken> signIn;
    private final Clock clock;
    private final RandomGenerator random;

    private final ReentrantLock acquiring = new ReentrantLock();
    private volatile @Nullable Held held;
    private Optional<String> claims = Optional.empty();
    private Optional<Failed> failed = Optional.empty();

    /** @param signIn gets a new token that holds the claims given, or throws {@link TokenException} */
    TokenSource(Function<Optional<String>, BearerToken> signIn, Clock clock, RandomGenerator random) {
        this.signIn = signIn;
        this.clock = clock;
        this.random = random;
    }

    BearerToken current() {
        Held now = held;
        Instant instant = clock.instant();
        if (now != null && now.isFresh(instant)) {
            return now.token();
        }
        if (now != null && now.isAlive(instant)) {
            return acquiring.tryLock() ? locked() : now.token();
        }
        acquiring.lock();
        return locked();
    }

    /** The token held now, if it has not ended; nothing is waited for. */
    Optional<BearerToken> held() {
        Instant instant = clock.instant();
        return Optional.ofNullable(held).filter(now -> now.isAlive(instant)).map(Held::token);
    }

    private BearerToken locked() {
        try {
            return renewed();
        } finally {
            acquiring.unlock();
        }
    }

    private BearerToken renewed() {
        Held now = held;
        Instant instant = clock.instant();
        if (now != null && now.isFresh(instant)) {
            return now.token();
        }
        try {
            return acquired(instant);
        } catch (TokenException e) {
            if (now != null && now.isAlive(instant)) {
                return now.token();
            }
            throw e;
        }
    }

    private BearerToken acquired(Instant instant) {
        Optional<Failed> before = failed;
        if (before.isPresent() && instant.isBefore(before.get().until())) {
            throw before.get().why();
        }
        try {
            BearerToken token = signIn.apply(claims);
            claims = Optional.empty();
            failed = Optional.empty();
            held = Held.from(instant, token, random);
            return token;
        } catch (TokenException e) {
            Duration wait = before.map(last -> last.step().multipliedBy(2)).orElse(FIRST_BACKOFF);
            Duration bounded = wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
            failed = Optional.of(new Failed(e, bounded, clock.instant().plus(bounded)));
            throw e;
        }
    }

    void invalidate(BearerToken refused, Optional<String> wanted) {
        acquiring.lock();
        try {
            Held now = held;
            if (now != null && now.token().equals(refused)) {
                held = null;
                claims = wanted;
            }
        } finally {
            acquiring.unlock();
        }
    }

    void forget() {
        acquiring.lock();
        try {
            held = null;
            claims = Optional.empty();
            failed = Optional.empty();
        } finally {
            acquiring.unlock();
        }
    }

    /** A token, and from when on it is renewed: a tenth to a fifth of its life before its end. */
    private record Held(BearerToken token, Instant renewal) {

        static Held from(Instant now, BearerToken token, RandomGenerator random) {
            double ahead = Duration.between(now, token.expires()).toMillis() * (0.1 + random.nextDouble() / 10);
            return new Held(token, token.expires().minusMillis(Math.round(ahead)));
        }

        boolean isFresh(Instant now) {
            return now.isBefore(renewal);
        }

        boolean isAlive(Instant now) {
            return now.isBefore(token.expires());
        }
    }

    /** The last failure, which all who ask before its backoff ends share. */
    private record Failed(TokenException why, Duration step, Instant until) {}
}
