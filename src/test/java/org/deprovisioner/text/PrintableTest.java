package org.deprovisioner.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028,
                0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfeff, 0xd800, 0xdfff, 0xe0041
            })
    void whatActsHidesOrEndsALineIsShownAsAnEscape(int character) throws Exception {
        String outside = "a" + Character.toString(character) + "b";
        String line = Printable.line(outside);
        assertThat(line).matches("a\\\\[\\\\nru0-9a-f]+b");
        assertThat(Printable.line(line)).isEqualTo(line);
        assertThat(Printable.fileName(outside)).isEqualTo("a_b");
        assertThat(JsonMapper.builder().build().readValue('"' + line + '"', String.class))
                .isEqualTo(outside);
    }

    @Test
    void whatPeopleWriteStaysAsItIs() {
        String names = "Zoë's Chromebook – 教室 3 \ud83d\ude00 é \"x\"; C:\\new";
        assertThat(Printable.line(names)).isEqualTo(names);
        assertThat(Printable.text("a\n\tb" + names)).isEqualTo("a\n\tb" + names);
        assertThat(Printable.fileName(names)).isEqualTo(names);
    }
}
