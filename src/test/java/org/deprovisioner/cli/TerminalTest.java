package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private static String printed(int width, String line) {
        StringWriter printed = new StringWriter();
        new Terminal(new PrintWriter(printed)).folding(width).println(line);
        return printed.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void aLineThatHasRoomStaysAsItIs() {
        assertThat(printed(20, "  twelve  wide")).isEqualTo("  twelve  wide\n");
    }

    @Test
    void aLongLineGoesOnBelowBetweenTwoWords() {
        assertThat(printed(20, "  The file STOP stops every call."))
                .isEqualTo("  The file STOP\n    stops every\n    call.\n");
    }

    @Test
    void aCommandThatSomebodyCopiesIsNotParted() {
        assertThat(printed(40, "It goes on once you say so: 'deprovision resume b300'."))
                .isEqualTo("It goes on once you say so:\n  'deprovision resume b300'.\n");
    }

    @Test
    void aWordWithoutRoomIsWhole() {
        assertThat(printed(10, "/a/very/long/path of mine")).isEqualTo("/a/very/long/path\n  of mine\n");
    }

    @Test
    void aCommandAtTheEndOfALineIsNotPartedEither() {
        assertThat(printed(40, "It waits in the ledger. Go on with: deprovision run --debug"))
                .isEqualTo("It waits in the ledger. Go on with:\n  deprovision run --debug\n");
    }

    @Test
    void theSpaceWithinALineStays() {
        assertThat(printed(20, "Results:      see the folder")).isEqualTo("Results:      see\n  the folder\n");
    }

    @Test
    void whatStandsBesideAWordGoesOnBelowItself() {
        StringWriter printed = new StringWriter();
        new Terminal(new PrintWriter(printed)).folding(20).printBeside("ok   ", "All is as it should be.");
        assertThat(printed.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("ok   All is as it\n       should be.\n");
    }
}
