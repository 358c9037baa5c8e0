package org.deprovisioner.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mu\u0308ller | M\u00fcller",
                "stra\u00dfe | STRASSE",
                "a\u00a0b | A B",
                "a \u2003 b | a b",
                "\ufeffCB-1\u200b | cb-1",
                "CB\u20111 | CB-1",
                "CB\u22121 | cb-1",
                "O\u2019Neil | o'neil",
                "O\u00b4Neil | O'Neil",
                "O\u02bcNeil | O'Neil",
                "\uff23\uff22\uff0d\uff11 | CB-1",
                "a\u2028b | a b"
            })
    void whatDiffersOnlyInHowItWasTypedIsTheSameFolded(String one, String other) {
        assertThat(Folding.folded(one)).isEqualTo(Folding.folded(other));
    }

    @Test
    void whatIsAnotherTextStaysOne() {
        assertThat(Folding.folded("CB-1")).isNotEqualTo(Folding.folded("CB1"));
        assertThat(Folding.folded("M\u00fcller")).isNotEqualTo(Folding.folded("Muller"));
        assertThat(Folding.folded("a b")).isNotEqualTo(Folding.folded("ab"));
        assertThat(Folding.folded(" \u00a0\ufeff")).isEmpty();
    }

    @Test
    void aRowIsComparedComposedWithoutCaseAndSpaceAroundAndNothingElse() {
        assertThat(Folding.plain("\u00a0MU\u0308LLER ")).isEqualTo("m\u00fcller");
        assertThat(Folding.plain("O\u2019Neil")).isNotEqualTo(Folding.plain("O'Neil"));
        assertThat(Folding.plain("\uff23\uff22")).isNotEqualTo(Folding.plain("CB"));
    }
}
