package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkingNameTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "leavers.csv, 7-leavers.csv",
                "sc\u202evsc.csv, 7-sc_vsc.csv",
                "a\u001b[2Jb.csv, 7-a_[2Jb.csv",
                "two\u2028lines.csv, 7-two_lines.csv",
                "zero\u200bwidth.csv, 7-zero_width.csv",
                "Zoë 教室.csv, 7-Zoë 教室.csv"
            })
    void whatActsOrHidesInANameIsAnUnderscore(String name, String working) {
        assertThat(WorkingName.of(7, name)).hasToString(working);
    }
}
