package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deprovisioner.ledger.Approvals.Submitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FourEyesTest {

    private final FourEyes wanted = new FourEyes(true, Map.of());

    @Test
    void whereTheyAreNotWantedTheSubmitterMayApprove() {
        assertThat(new FourEyes(false, Map.of()).objection("ada", Set.of(new Submitter("ada", false))))
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

    private static final String ADA = "0a000000-0000-4000-8000-000000000001";
    private static final String EVE = "0a000000-0000-4000-8000-000000000002";

    @Test
    void personsOfEntraIdAreComparedByTheirObjectIds() {
        assertThat(wanted.objection(EVE, Set.of(new Submitter(ADA, false)))).isEmpty();
        assertThat(wanted.objection(ADA.toUpperCase(Locale.ROOT), Set.of(new Submitter(ADA, false))))
                .hasValueSatisfying(why -> assertThat(why).contains("may not approve"));
    }

    @Test
    void aUserAndAPersonDifferOnlyWhereBothAreKnown() {
        FourEyes known = new FourEyes(true, Map.of("ada", ADA, "eve", EVE));
        assertThat(known.objection(EVE, Set.of(new Submitter("CONTOSO\\Ada", false))))
                .isEmpty();
        assertThat(known.objection("eve", Set.of(new Submitter(ADA, false)))).isEmpty();
        assertThat(known.objection(ADA, Set.of(new Submitter("Ada", false))))
                .hasValueSatisfying(why -> assertThat(why).contains("may not approve"));
        assertThat(known.objection("ada", Set.of(new Submitter(ADA, false))))
                .hasValueSatisfying(why -> assertThat(why).contains("may not approve"));
        assertThat(new FourEyes(true, Map.of("ada", ADA)).objection(EVE, Set.of(new Submitter("ada", false))))
                .hasValueSatisfying(why -> assertThat(why).contains("deprovision.guard.people", EVE));
        assertThat(new FourEyes(true, Map.of("eve", EVE)).objection(EVE, Set.of(new Submitter("ada", false))))
                .hasValueSatisfying(why -> assertThat(why).contains("does not know 'ada'"));
    }

    @Test
    void twoUsersWhoAreOnePersonAreOne() {
        assertThat(new FourEyes(true, Map.of("ada", ADA, "ada-admin", ADA))
                        .objection("ada-admin", Set.of(new Submitter("ada", false))))
                .hasValueSatisfying(why -> assertThat(why).contains("may not approve"));
    }

    @ParameterizedTest
    @CsvSource({"console password, eve", "app 0a000000-0000-4000-8000-000000000009, eve", "ada, console password"})
    void aPasswordAndAnAppAreNobody(String submitter, String approver) {
        assertThat(wanted.objection(approver, Set.of(new Submitter(submitter, false))))
                .hasValueSatisfying(why -> assertThat(why).contains("not known"));
    }
}
