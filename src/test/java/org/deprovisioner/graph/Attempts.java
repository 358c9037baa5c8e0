package org.deprovisioner.graph;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Attempts as they are settled: the first of a request, unless said otherwise. */
record Attempts(AttemptHistory attempt) {

    static Attempts first() {
        return new Attempts(new AttemptHistory(
                0,
                10,
                Duration.ZERO,
                Duration.ofHours(24),
                false,
                false,
                false,
                0,
                Duration.ofSeconds(20),
                Optional.empty(),
                Optional.empty()));
    }

    Attempts charged(int before) {
        return of(before, attempt.age(), attempt.probe(), attempt.newToken(), attempt.resolved());
    }

    Attempts age(Duration age) {
        return of(attempt.charged(), age, attempt.probe(), attempt.newToken(), attempt.resolved());
    }

    Attempts probe() {
        return of(attempt.charged(), attempt.age(), true, attempt.newToken(), attempt.resolved());
    }

    Attempts newToken() {
        return of(attempt.charged(), attempt.age(), attempt.probe(), true, attempt.resolved());
    }

    Attempts resolved() {
        return of(attempt.charged(), attempt.age(), attempt.probe(), attempt.newToken(), true);
    }

    private Attempts of(int charged, Duration age, boolean probe, boolean newToken, boolean resolved) {
        return new Attempts(new AttemptHistory(
                charged,
                attempt.maxAttempts(),
                age,
                attempt.maxAge(),
                probe,
                newToken,
                resolved,
                attempt.throttledInARow(),
                attempt.window(),
                attempt.lastForbidden(),
                attempt.lastSuccess()));
    }

    AttemptHistory forbiddenBefore(Instant lastForbidden, Optional<Instant> lastSuccess) {
        return with(0, attempt.window(), Optional.of(lastForbidden), lastSuccess);
    }

    AttemptHistory throttled(int inARow, Duration window) {
        return with(inARow, window, Optional.empty(), Optional.empty());
    }

    private AttemptHistory with(
            int throttledInARow, Duration window, Optional<Instant> lastForbidden, Optional<Instant> lastSuccess) {
        return new AttemptHistory(
                attempt.charged(),
                attempt.maxAttempts(),
                attempt.age(),
                attempt.maxAge(),
                attempt.probe(),
                attempt.newToken(),
                attempt.resolved(),
                throttledInARow,
                window,
                lastForbidden,
                lastSuccess);
    }
}
