package org.deprovisioner.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static JsonProcessingException fault(String text) {
        return catchThrowableOfType(JsonProcessingException.class, () -> JSON.readTree(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1",
                "{\"a\": 1]",
                "[1}",
                "{a: 1}",
                "{\"a\" 1}",
                "{\"a\": nothing}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": \"line\nbreak\"}",
                "{\"a\": 1, \"a\": 2}",
                "{} {}",
                "{\"a\": 1,}",
                "{\"a\": \"\\x\"}",
                "'a'",
                "</html>",
                "{\"a\": 1e}",
                "{\"a\": .5}",
                "{\"a\": +1}",
                "{\"a\": \"\u0000\"}",
                "// note\n{}",
            })
    void theParsersOwnWordsForProgrammersAreNeverShown(String text) {
        assertThat(JsonFault.of(fault(text)))
                .isNotBlank()
                .doesNotContain("Source", "REDACTED", "`", "Feature", "JsonNode", "CTRL-CHAR", "(code ", "JSON String")
                .doesNotEndWith(".");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"a\": 1', it ends before what was begun is closed",
        "'{} {}', there is something after its end",
        "'{\"a\": 1]', 'unexpected close marker '']'': expected ''}'' (for Object starting at line 1, column 1)'",
        "'{\"a\": 1, \"a\": 2}', duplicate field 'a'",
    })
    void itIsSaidWhatIsWrong(String text, String words) {
        assertThat(JsonFault.of(fault(text))).isEqualTo(words.replace("duplicate field a", "duplicate field 'a'"));
    }

    @Test
    void itIsSaidWhere() {
        assertThat(JsonFault.place(fault("{\n  \"a\": nothing}"))).isEqualTo(" (line 2, column 8)");
    }
}
