package org.deprovisioner.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deprovisioner.request.TestRules.ID;
import static org.deprovisioner.request.TestRules.OTHER_ID;
import static org.deprovisioner.request.TestRules.RULES;

import java.util.List;
import org.deprovisioner.request.RequestMessage.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMessageTest {

    private static Parsed parse(String json) throws UnusableMessageException {
        List<Parsed> parsed = RequestMessage.parse(json.replace('`', '"').replace("$ID", ID), RULES);
        assertThat(parsed).hasSize(1);
        return parsed.get(0);
    }

    private static Row.Invalid invalid(String json) throws UnusableMessageException {
        Row row = parse(json).rows().get(0);
        assertThat(row).isInstanceOf(Row.Invalid.class);
        return (Row.Invalid) row;
    }

    private static Request accepted(String json) throws UnusableMessageException {
        Row row = parse(json).rows().get(0);
        assertThat(row).isInstanceOf(Row.Accepted.class);
        return ((Row.Accepted) row).request();
    }

    private static String reasonAgainst(String json) {
        UnusableMessageException refused = catchThrowableOfType(
                UnusableMessageException.class, () -> RequestMessage.parse(json.replace('`', '"'), RULES));
        assertThat(refused).as(json.substring(0, Math.min(80, json.length()))).isNotNull();
        return refused.getMessage();
    }

    @Test
    void an_object_is_one_request() throws Exception {
        Parsed parsed = parse("\ufeff {`managedDeviceId`:`$ID`, `reason`:`x`, `batch`:`June-2027`, `ticket`:`T1`}\n");
        assertThat(parsed.batch()).contains("June-2027");
        assertThat(parsed.columns()).containsExactly("managedDeviceId", "reason", "batch", "ticket");
        assertThat(parsed.rows()).hasSize(1);
        assertThat(parsed.rows().get(0).line()).isEqualTo(1);
        assertThat(parsed.rows().get(0).cells()).containsExactly(ID, "x", "June-2027", "T1");
    }

    @Test
    void an_array_has_the_columns_of_all_its_objects_in_the_order_of_their_first_use() throws Exception {
        Parsed parsed =
                parse("[{`id`:`$ID`,`b`:1.50},{`a`:true,`id`:`x`, `b`:null},  {`id`:`$ID`, `d`:{`e`:[1, `}`]}}]");
        assertThat(parsed.batch()).isEmpty();
        assertThat(parsed.columns()).containsExactly("id", "b", "a", "d");
        assertThat(parsed.rows()).extracting(Row::line).containsExactly(1L, 2L, 3L);
        assertThat(parsed.rows())
                .extracting(Row::cells)
                .containsExactly(
                        List.of(ID, "1.50", "", ""),
                        List.of("x", "", "true", ""),
                        List.of(ID, "", "", "{\"e\":[1, \"}\"]}"));
        assertThat(((Row.Invalid) parsed.rows().get(1)).raw()).isEqualTo("{\"a\":true,\"id\":\"x\", \"b\":null}");
    }

    @Test
    void raw_text_is_exact_in_long_messages_with_any_characters() throws Exception {
        String object = "{ \"id\" : \"nö 😀 \\u00e9\", \"n\":{\"ä\":[]} }";
        Parsed parsed = parse("[\n" + (object + ",\r\n").repeat(5_000) + object + "]");
        assertThat(parsed.rows()).hasSize(5_001).allSatisfy(row -> {
            assertThat(((Row.Invalid) row).raw()).isEqualTo(object);
            assertThat(row.cells()).containsExactly("nö 😀 é", "{\"ä\":[]}");
        });
    }

    @Test
    void scalars_are_read_as_they_were_written() throws Exception {
        assertThat(accepted("{`id`:`$ID`,`force`:true,`requestId`:007e1}".replace("007e1", "7e1")))
                .satisfies(request -> {
                    assertThat(request.force()).isTrue();
                    assertThat(request.requestId()).contains("7e1");
                });
        assertThat(accepted("{`id`:`$ID`,`reason`:null,`serialNumber`:12}")
                        .expected()
                        .serialNumber())
                .contains("12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`deprovisionReason`:5",
                "`deprovisionReason`:true",
                "`reason`:1.5",
                "`serialNumber`:true",
                "`serialNumber`:1.0",
                "`serialNumber`:12345678901234567",
                "`deviceName`:-5",
                "`deviceName`:false",
                "`userPrincipalName`:5",
                "`azureADDeviceId`:true",
                "`notBefore`:1800000000",
                "`tenant`:true",
                "`address`:5",
                "`requestId`:true",
                "`batch`:false",
                "`force`:1",
                "`force`:0",
                "`reason`:{}",
                "`reason`:[`lost`]",
                "`userId`:5"
            })
    void what_is_no_text_says_nothing_where_a_text_is_meant(String field) throws Exception {
        assertThat(invalid("{`id`:`$ID`," + field + "}").error())
                .containsAnyOf("is a number, not a text", "is a boolean, not a text", "is an object or array");
    }

    @Test
    void a_message_with_a_field_that_is_nearly_ours_is_invalid_as_a_whole() throws Exception {
        Parsed parsed = parse("[{`id`:`$ID`,`serialNumbers`:`5CD1`},{`id`:`$ID`,`requestId`:`r`}]");
        assertThat(parsed.rows())
                .allSatisfy(row ->
                        assertThat(((Row.Invalid) row).error()).contains("'serialNumbers' is nearly serialNumber"));
        assertThat(((Row.Invalid) parsed.rows().get(1)).requestId()).isEqualTo("r");
        assertThat(invalid("{`id`:`$ID`,`force`:true,`requestId`:`r`,`s\u0435rialNumber`:null}")
                        .error())
                .contains("is nearly serialNumber");
        assertThat(RequestMessage.parse(
                                "{\"id\":\"" + ID + "\",\"Serial Number 2\":\"x\"}",
                                TestRules.carrying("serial-number-2"))
                        .get(0)
                        .rows()
                        .get(0))
                .isInstanceOf(Row.Accepted.class);
    }

    @Test
    void the_fields_of_another_programs_list_mean_the_same_in_each_object() throws Exception {
        Parsed parsed = parse("[{`deviceId`:`$ID`,`orgUnitPath`:`/`,`serialNumber`:`5CD1`},"
                + "{`deviceId`:`$ID`,`serialNumber`:`5CD2`},{`deviceId`:`$ID`}]");
        assertThat(parsed.rows().subList(0, 2))
                .allSatisfy(row -> assertThat(
                                ((Row.Accepted) row).request().address().isSearch())
                        .isTrue());
        assertThat(((Row.Invalid) parsed.rows().get(2)).error()).contains("no other one names the device");
    }

    @Test
    void an_object_in_a_known_field_makes_the_row_invalid_but_not_in_an_unknown_one() throws Exception {
        assertThat(invalid("{`id`:[`$ID`]}").error())
                .startsWith("column managedDeviceId: '[")
                .contains("object or array");
        assertThat(invalid("{`id`:`$ID`,`batch`:{}, `requestId`:`r`}").requestId())
                .isEqualTo("r");
        accepted("{`id`:`$ID`,`headers`:{`Authorization`:`x`}}");
    }

    @Test
    void a_field_left_out_is_not_an_empty_one() throws Exception {
        Parsed parsed = parse("[{`userPrincipalName`:`a@b.c`},{`userPrincipalName`:`a@b.c`,`serialNumber`:``}]");
        assertThat(parsed.rows())
                .satisfiesExactly(
                        row -> assertThat(row).isInstanceOf(Row.Accepted.class),
                        row -> assertThat(((Row.Invalid) row).error()).contains("a blank cell matches nothing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-1_b.c", "7", "COM", "COM10", "console", "NULL"})
    void batches_have_simple_names(String name) throws Exception {
        assertThat(parse("{`id`:`$ID`,`batch`:`" + name + "`}").batch()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-a",
                ".a",
                "a b",
                "../x",
                "a/b",
                "ä",
                "CON",
                "nul",
                "Aux.txt",
                "COM1",
                "lpt9.x.y",
                "prn.",
                "null",
                "big.txt",
                "BIG.TXT",
                "a.txt.",
                "x.txt.txt"
            })
    void other_names_make_the_row_invalid(String name) throws Exception {
        assertThat(parse("{`id`:`$ID`,`batch`:`" + name + "`}").batch()).isEmpty();
        assertThat(invalid("{`id`:`$ID`,`batch`:`" + name + "`}").error()).startsWith("column batch: '" + name);
        assertThat(invalid("{`id`:`$ID`,`batch`:`" + "x".repeat(65) + "`}").error())
                .contains("is not a name for a batch");
    }

    @Test
    void objects_of_one_message_may_go_to_different_batches() throws Exception {
        List<Parsed> parsed = RequestMessage.parse("""
                [{"id":"%1$s","batch":"June"},{"id":"%2$s"},{"id":"%2$s","batch":"JUNE","ticket":1},{"id":"%2$s","batch":"May"}]
                """.formatted(ID, OTHER_ID), RULES);
        assertThat(parsed).extracting(batch -> batch.batch().orElse("-")).containsExactly("June", "-", "May");
        assertThat(parsed).extracting(Parsed::columns).containsOnly(List.of("id", "batch", "ticket"));
        assertThat(parsed.get(0).rows()).extracting(Row::line).containsExactly(1L, 3L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                | something else than an object",
                "abc                               | cannot be read as JSON (line 1, column",
                "{`id`:`x`                         | cannot be read as JSON",
                "{`id`:`x`} x                      | cannot be read as JSON",
                "{`id`:`x`}{`id`:`y`}              | Something follows the JSON",
                "[{`id`:`x`}] []                   | Something follows the JSON",
                "[]                                | The array is empty",
                "5                                 | something else than an object",
                "`text`                            | something else than an object",
                "null                              | something else than an object",
                "[{`id`:`x`},5]                    | something else than an object",
                "[[{`id`:`x`}]]                    | something else than an object",
                "{`id`:`x`,`id`:`y`}               | duplicate field 'id'",
                "{`a`:{`b`:1,`b`:2}}               | duplicate field 'b'",
                "{`id`:NaN}                        | cannot be read as JSON",
                "{id:`x`}                          | cannot be read as JSON"
            })
    void what_cannot_be_understood_as_a_whole_is_refused(String json, String reason) {
        assertThat(reasonAgainst(json)).contains(reason);
    }

    @Test
    void nothing_grows_without_bound() {
        assertThat(reasonAgainst("[" + "{},".repeat(10_000) + "{}]")).contains("more than 10000 requests");
        assertThat(reasonAgainst("{`a`:" + "[".repeat(100) + "]".repeat(100) + "}"))
                .contains("cannot be read as JSON");
        assertThat(reasonAgainst("{`a`:`" + "x".repeat(1_000_001) + "`}")).contains("cannot be read as JSON");
        assertThat(reasonAgainst("{`" + "x".repeat(1_000) + "`:1}")).contains("cannot be read as JSON");
        assertThat(reasonAgainst("{`a`:" + "1".repeat(1_000) + "}")).contains("cannot be read as JSON");
        StringBuilder wide = new StringBuilder("{`f`:1");
        for (int i = 0; i < 500; i++) {
            wide.append(",`f").append(i).append("`:1");
        }
        assertThat(reasonAgainst(wide + "}")).contains("more than 500 different fields");
    }

    @Test
    void what_results_added_is_left_out_when_it_comes_back() throws Exception {
        Parsed parsed = parse("{`id`:`$ID`,`outcome`:`failed`,`remedy`:`r`,`error`:`e`,`requestId`:`k`,`ticket`:`t`}");
        assertThat(parsed.columns()).containsExactly("id", "ticket");
        assertThat(((Row.Accepted) parsed.rows().get(0)).request().requestId()).contains("k");
    }
}
