package org.deprovisioner.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Intune's approvers are told. */
class JustificationTest {

    @Test
    void ticketAndReasonOfTheRowStandInTheirPlaces() {
        assertThat(new Justification("{ticket}: {reason}, for the school").of("INC-7 $1", "retiring_device"))
                .isEqualTo("INC-7 $1: retiring_device, for the school");
        assertThat(new Justification("Ticket {ticket}").of(" ", "x")).isEqualTo("Ticket (no ticket)");
    }

    @Test
    void whatTheRowSaysMakesNoNewLineAndNotMoreThanGraphTakes() {
        assertThat(new Justification("{ticket}").of("a\r\nb\u0000c", "x")).isEqualTo("a b c");
        assertThat(new Justification("{ticket}").of("x".repeat(1_023) + "\ud83d\ude00", "x"))
                .hasSize(1_023);
        assertThat(new Justification("{ticket}").of("x".repeat(5_000), "x")).hasSize(1_024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "for {name}", "{ticket", "{{ticket}}", "{}"})
    void aTextWithOtherPlacesIsRefused(String template) {
        assertThatThrownBy(() -> new Justification(template)).isInstanceOf(IllegalArgumentException.class);
    }
}
