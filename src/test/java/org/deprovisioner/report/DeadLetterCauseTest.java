package org.deprovisioner.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadLetterCauseTest {

    private static String sentence(long rows, String error) {
        return new DeadLetterCause(rows, "invalid", 10, error, "Fix it.", "", "").sentence();
    }

    @Test
    void aCauseOfOneRowNamesItsLineOnce() {
        assertThat(sentence(1, "leavers.csv line 10: 'x' is no GUID.").strip())
                .isEqualTo("1 invalid, leavers.csv line 10: 'x' is no GUID.");
        assertThat(sentence(1, "Graph has no such device.").strip())
                .isEqualTo("1 invalid, line 10: Graph has no such device.");
    }

    @Test
    void theLineOfAnotherRowIsNotItsOwn() {
        assertThat(sentence(1, "It is the device of line 103.").strip())
                .isEqualTo("1 invalid, line 10: It is the device of line 103.");
    }

    @Test
    void ofManyRowsOneIsTheExample() {
        assertThat(sentence(3, "Graph has no such device.").strip())
                .isEqualTo("3 invalid, such as line 10: Graph has no such device.");
    }
}
