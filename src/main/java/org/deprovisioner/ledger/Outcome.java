package org.deprovisioner.ledger;

import java.util.Arrays;

/** How a request ended, in the words of results, replies and dead letters. */
public enum Outcome {
    DEPROVISIONED("deprovisioned", OutcomeClass.DONE),
    CONFIRMED_BY_READ_BACK("confirmed-by-read-back", OutcomeClass.DONE),
    DUPLICATE("duplicate", OutcomeClass.SKIPPED),
    ALREADY_DEPROVISIONED("already-deprovisioned", OutcomeClass.SKIPPED),
    ALREADY_GONE("already-gone", OutcomeClass.SKIPPED),
    CANCELLED("cancelled", OutcomeClass.SKIPPED),
    DRY_RUN("dry-run", OutcomeClass.SKIPPED),
    INVALID("invalid", OutcomeClass.FAILED),
    NOT_FOUND("not-found", OutcomeClass.FAILED),
    AMBIGUOUS("ambiguous", OutcomeClass.FAILED),
    MISMATCH("mismatch", OutcomeClass.FAILED),
    REFUSED_BY_GUARD("refused-by-guard", OutcomeClass.FAILED),
    REJECTED_BY_GRAPH("rejected-by-graph", OutcomeClass.FAILED),
    RETRIES_EXHAUSTED("retries-exhausted", OutcomeClass.FAILED),
    APPROVAL_REFUSED("approval-refused", OutcomeClass.FAILED),
    UNKNOWN("unknown", OutcomeClass.UNKNOWN);

    private final String word;
    private final OutcomeClass outcomeClass;

    Outcome(String word, OutcomeClass outcomeClass) {
        this.word = word;
        this.outcomeClass = outcomeClass;
    }

    /** The word that users see, and the ledger keeps. */
    public String word() {
        return word;
    }

    /** Which of the four classes it belongs to; the classes' sum is always the number of rows. */
    public OutcomeClass outcomeClass() {
        return outcomeClass;
    }

    /** The final state that bears this outcome. */
    public State state() {
        return this == CANCELLED
                ? State.CANCELLED
                : switch (outcomeClass) {
                    case DONE, SKIPPED -> State.DONE;
                    case FAILED, UNKNOWN -> State.DEAD;
                };
    }

    /** The outcome that bears this word. */
    public static Outcome of(String word) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is not an outcome"));
    }
}
