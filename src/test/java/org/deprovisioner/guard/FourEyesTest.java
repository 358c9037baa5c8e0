package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.deprovisioner.ledger.Approvals.Submitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FourEyesTest {

    private final FourEyes wanted = new FourEyes(true);

    @Test
    void whereTheyAreNotWantedTheSubmitterMayApprove() {
        assertThat(new FourEyes(false).objection("ada", Set.of(new Submitter("ada", false))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ada, ada", "Ada, ada", "ada, CONTOSO\\Ada", "SCHOOL\\ada, CONTOSO\\ada"})
    void theSubmitterMayNotApproveHoweverTheNameIsWritten(String approver, String submitter) {
        assertThat(wanted.objection(approver, Set.of(new Submitter("bob", false), new Submitter(submitter, false))))
                .hasValueSatisfying(why -> assertThat(why).contains(submitter, "may not approve", "four-eyes"));
    }

    @Test
    void somebodyElseMay() {
        assertThat(wanted.objection("eve", Set.of(new Submitter("ada", false), new Submitter("CONTOSO\\bob", false))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', eve", "group BUILTIN\\Administrators, eve", "ada, group BUILTIN\\Administrators", "ada, ''"})
    void nobodyMayWhereOneOfTheTwoIsNotKnown(String submitter, String approver) {
        assertThat(wanted.objection(approver, Set.of(new Submitter(submitter, false))))
                .hasValueSatisfying(why -> assertThat(why).contains("not known"));
    }

    @Test
    void nobodyMayWhereItCameByMessageForThePersonBehindItIsNotKnown() {
        assertThat(wanted.objection("eve", Set.of(new Submitter("desk", true))))
                .hasValueSatisfying(why -> assertThat(why).contains("by message from 'desk'", "as a file"));
    }
}
