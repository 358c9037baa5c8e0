package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deprovisioner.request.TestRules.ID;
import static org.deprovisioner.request.TestRules.OTHER_ID;
import static org.deprovisioner.request.TestRules.RULES;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFileTest {

    private static final String FIRST = object(ID);
    private static final String SECOND = object(OTHER_ID);

    @TempDir
    private Path folder;

    private Layout layout = new Layout(List.of(), ',');

    private static String object(String id) {
        return "{\"managedDeviceId\": \"%s\", \"reason\": \"lost\"}".formatted(id);
    }

    private List<Row> read(String name, byte[] content) throws Exception {
        try (RequestFile file = RequestFile.open(Files.write(folder.resolve(name), content), RULES)) {
            List<Row> rows = new ArrayList<>();
            file.forEach(rows::add);
            layout = file.layout();
            return rows;
        }
    }

    private List<Row> read(String name, String content) throws Exception {
        return read(name, content.getBytes(UTF_8));
    }

    private void refused(String name, String content, String reason) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(reason);
    }

    private static Row.Invalid invalid(Row row) {
        assertThat(row).isInstanceOf(Row.Invalid.class);
        return (Row.Invalid) row;
    }

    private static List<Long> accepted(List<Row> rows) {
        return rows.stream()
                .filter(Row.Accepted.class::isInstance)
                .map(Row::line)
                .toList();
    }

    @Test
    void each_line_of_json_lines_is_a_request_and_blank_ones_are_skipped() throws Exception {
        List<Row> rows = read("a.jsonl", FIRST + "\r\n\n  \n" + SECOND);
        assertThat(accepted(rows)).containsExactly(1L, 4L);
        assertThat(rows.get(1).cells()).containsExactly(OTHER_ID, "lost");
        assertThat(layout).isEqualTo(new Layout(List.of("managedDeviceId", "reason"), ','));
    }

    @Test
    void each_element_of_an_array_is_a_request_on_the_line_on_which_it_begins() throws Exception {
        assertThat(accepted(read("a.json", "[\n" + FIRST + ",\r\n\n" + SECOND + "\n]\n")))
                .containsExactly(2L, 4L);
    }

    @Test
    void elements_that_share_lines_are_counted() throws Exception {
        assertThat(accepted(read("a.json", "[" + FIRST + "," + SECOND + "]"))).containsExactly(1L, 2L);
        try (RequestFile file = RequestFile.open(folder.resolve("a.json"), RULES)) {
            assertThat(file.place(file.iterator().next())).isEqualTo("element 1");
        }
    }

    @Test
    void one_object_alone_is_one_request() throws Exception {
        assertThat(accepted(read("A.JSON", "\n" + FIRST))).containsExactly(2L);
    }

    @Test
    void the_columns_are_the_fields_of_all_objects_in_the_order_of_their_first_use() throws Exception {
        List<Row> rows = read(
                "a.jsonl",
                "{\"id\": \"%s\", \"ticket\": 17.50, \"owner\": {\"name\": [\"Ada\"]}, \"reason\": \"lost\"}\n"
                                .formatted(ID)
                        + "{\"reason\": \"lost\", \"room\": null, \"id\": \"" + OTHER_ID + "\", \"last\": true}");
        assertThat(layout.columns()).containsExactly("id", "ticket", "owner", "reason", "room", "last");
        assertThat(rows.get(0).cells()).containsExactly(ID, "17.50", "{\"name\": [\"Ada\"]}", "lost", "", "");
        assertThat(rows.get(1).cells()).containsExactly(OTHER_ID, "", "", "lost", "", "true");
        assertThat(accepted(rows)).hasSize(2);
    }

    @Test
    void a_byte_order_mark_and_utf_16_are_understood() throws Exception {
        String umlaut = FIRST.replace("lost", "Böhm");
        for (String name : List.of("a.jsonl", "a.json")) {
            for (byte[] content :
                    List.of(("\ufeff" + umlaut).getBytes(UTF_8), ("\ufeff" + umlaut).getBytes(UTF_16LE))) {
                assertThat(read(name, content).get(0).cells()).containsExactly(ID, "Böhm");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"1\", \"id\": \"2\"}",
                "[]",
                "17",
                "\"text\"",
                "null",
                "{\"id\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
                "{\"id\": {\"managedDeviceId\": \"3fa85f64-5717-4562-b3fc-2c963f66afa6\"}}",
                "{\"id\": \"\\\"}, {\\\"\"}",
                "{\"reason\": \"lost\"}",
            })
    void a_bad_object_fails_alone_with_its_line_and_its_text(String bad) throws Exception {
        for (String name : List.of("a.jsonl", "a.json")) {
            boolean array = name.equals("a.json");
            String between = array ? ",\n" : "\n";
            List<Row> rows = read(
                    name, (array ? "[\n" : "\n") + FIRST + between + bad + between + SECOND + (array ? "\n]" : ""));
            assertThat(rows).as(name).hasSize(3);
            assertThat(accepted(rows)).as(name).containsExactly(2L, 4L);
            assertThat(invalid(rows.get(1)).line()).isEqualTo(3);
            assertThat(invalid(rows.get(1)).raw()).startsWith(bad);
            assertThat(invalid(rows.get(1)).error()).isNotBlank();
            assertThat(invalid(rows.get(1)).remedy()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"1\",}",
                "{\"id\" \"1\"}",
                "{\"id\": abc}",
                "{id: 1}",
                "{\"id\": 'x'}",
                "{\"id\": \"a\tb\"}",
                "{\"id\": \"\\x\"}",
                "{\"id\": 01}",
                "{\"id\": \"never closed}",
                "# a remark",
            })
    void what_is_no_json_costs_its_line_in_json_lines_and_the_file_as_an_array(String bad) throws Exception {
        List<Row> rows = read("a.jsonl", "\n" + FIRST + "\n" + bad + "\n" + SECOND);
        assertThat(accepted(rows)).containsExactly(2L, 4L);
        assertThat(invalid(rows.get(1)).raw()).isEqualTo(bad);
        String array = "[\n" + FIRST + ",\n" + bad + ",\n" + SECOND + "\n]";
        assertThatThrownBy(() -> read("a.json", array))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageMatching(
                        "(?s)The JSON cannot be read \\(line 3, column \\d+\\): .*Nothing of the file was taken.*");
    }

    @Test
    void elements_are_cut_out_wherever_the_reader_has_got_to() throws Exception {
        StringBuilder array = new StringBuilder("[");
        List<String> raw = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String bad = i % 3 == 0 ? "" + i : i % 3 == 1 ? "\"" + "y".repeat(i % 50) + ",\"" : "{\"id\":[" + i + "]}";
            raw.add(bad);
            array.append(i == 0 ? "" : " ".repeat(i % 7) + ",\n").append(bad);
        }
        List<Row> rows = read("a.json", array + ",\r\n" + " ".repeat(100_000) + FIRST + "\n]");
        assertThat(rows.subList(0, 3_000).stream().map(row -> invalid(row).raw()))
                .containsExactlyElementsOf(raw);
        assertThat(accepted(rows)).containsExactly(3_001L);
    }

    @Test
    void an_element_in_windows_1252_among_others_in_utf_8_is_read() throws Exception {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.write(("[" + object(ID).replace("lost", "für") + ",").getBytes(UTF_8));
        array.write((object(OTHER_ID).replace("lost", "über") + "]").getBytes(Charset.forName("windows-1252")));
        List<Row> rows = read("a.json", array.toByteArray());
        assertThat(rows.get(0).cells()).contains("für");
        assertThat(rows.get(1).cells()).contains("über");
    }

    @Test
    void a_name_or_number_that_is_too_long_fails_alone() throws Exception {
        for (String endless :
                List.of("{\"" + "n".repeat(100_000) + "\": 1}", "{\"id\": " + "1".repeat(100_000) + "}")) {
            List<Row> rows = read("a.json", "[" + FIRST + "," + endless + "," + SECOND + "]");
            assertThat(accepted(rows)).containsExactly(1L, 3L);
            assertThat(invalid(rows.get(1)).raw()).isEqualTo(endless.substring(0, 65_536));
        }
    }

    @Test
    void an_object_without_its_end_costs_no_neighbour_in_json_lines() throws Exception {
        List<Row> rows = read("a.jsonl", FIRST + "\n{\"id\": \"1\", \"reason\": {\n" + SECOND);
        assertThat(accepted(rows)).containsExactly(1L, 3L);
    }

    @Test
    void an_object_that_is_too_long_fails_alone() throws Exception {
        String endless = "{\"note\": \"" + "x".repeat(3_000_000) + "\"}";
        for (String name : List.of("a.jsonl", "a.json")) {
            boolean array = name.equals("a.json");
            String between = array ? "," : "\n";
            List<Row> rows =
                    read(name, (array ? "[" : "") + FIRST + between + endless + between + SECOND + (array ? "]" : ""));
            assertThat(accepted(rows)).containsExactly(1L, 3L);
            assertThat(invalid(rows.get(1)).error()).contains("longer than 65536 characters");
            assertThat(invalid(rows.get(1)).raw()).hasSize(65_536);
        }
    }

    @Test
    void the_key_and_the_tenant_of_a_flawed_object_are_kept() throws Exception {
        Row.Invalid row = invalid(
                read("a.jsonl", "{\"id\": \"1.2E+5\", \"requestId\": \"r-1\"}").get(0));
        assertThat(row.requestId()).isEqualTo("r-1");
        assertThat(row.cells()).containsExactly("1.2E+5", "r-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.json|hello|not a JSON array",
                "a.json|id,reason|not a JSON array",
                "a.json|[]|holds no requests",
                "a.json|[17, 18]|no JSON object that can be read",
                "a.json|[{\"id\": \"1\"}|column 13): the file ends before",
                "a.json|[{\"id\": \"1\"} {\"id\": \"1\"}]|expecting comma",
                "a.json|[{\"id\": \"1\"},]|line 1, column 14",
                "a.json|[{\"id\": \"1\"}] x|behind the end",
                "a.json|{\"id\": \"1\"} {\"id\": \"1\"}|behind the end",
                "a.json|[{\"id\": \"1\", {\"id\": \"1\"}|line 1, column 14",
                "a.json|[{\"reason\": \"lost\"}]|name no devices",
                "a.jsonl|{\"reason\": \"lost\"}|name no devices",
                "a.jsonl|id;reason|no JSON object that can be read",
                "a.jsonl|[{\"id\": \"1\"}]|each on a line of its own",
                "a.jsonl|''|The file is empty",
                "a.jsonl|' '|holds no requests",
            })
    void a_file_that_is_no_such_json_is_refused_as_a_whole(String name, String content, String reason) {
        refused(name, content, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": \"1\", \"serialNumbers\": \"x\"}|'serialNumbers' is nearly serialNumber",
                "{\"id\": \"1\", \"not before 2\": null}|'not before 2' is nearly notBefore",
                "{\"serial\": \"5CD1\", \"Address\": \"1 School Lane\"}|'Address' would be read as address",
                "{\"serial\": \"5CD1\", \"Tenant\": 17}|'Tenant' would be read as tenant",
                "{\"serial\": \"5CD1\", \"ID\": 1042}|'ID' would be read as managedDeviceId",
            })
    void a_field_that_is_nearly_ours_or_anothers_refuses_the_file(String object, String reason) {
        refused("a.jsonl", FIRST.replace("managedDeviceId", "serial") + "\n" + object, reason);
        refused("a.json", "[" + object + "]", reason);
    }

    @Test
    void another_programs_ids_find_no_device_even_in_an_object_without_the_field_that_tells() throws Exception {
        String google = "{\"deviceId\": \"%s\", \"orgUnitPath\": \"/\"}".formatted(ID);
        refused("a.json", "[" + google + "]", "Google's id");
        List<Row> rows = read("a.jsonl", google + "\n{\"deviceId\": \"%s\", \"serial\": \"5CD1\"}".formatted(ID));
        assertThat(invalid(rows.get(0)).error()).contains("no other one names the device");
        assertThat(((Row.Accepted) rows.get(1)).request().address().isSearch()).isTrue();
    }

    @Test
    void a_number_is_no_reason_and_one_line_in_windows_1252_is_read() throws Exception {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.write((object(ID).replace("lost", "für") + "\n\n").getBytes(UTF_8));
        lines.write((object(OTHER_ID).replace("lost", "über") + "\n").getBytes(Charset.forName("windows-1252")));
        lines.write("{\"id\": \"%s\", \"reason\": 5}".formatted(ID).getBytes(UTF_8));
        List<Row> rows = read("a.jsonl", lines.toByteArray());
        assertThat(rows.get(0).cells()).contains("für");
        assertThat(rows.get(1).cells()).contains("über");
        assertThat(invalid(rows.get(2)).error()).isEqualTo("column deprovisionReason: '5' is a number, not a text");
    }

    @Test
    void hostile_depth_and_too_many_fields_are_refused() {
        refused("a.json", "[" + "[".repeat(100_000), "nested deeper");
        StringBuilder many = new StringBuilder("{\"id\": \"1\"");
        for (int i = 0; i < 501; i++) {
            many.append(", \"f").append(i).append("\": 1");
        }
        refused("a.jsonl", many + "}", "more than 500 different fields");
    }

    @ParameterizedTest
    @CsvSource({"samples/leavers.jsonl,3", "samples/leavers.json,2"})
    void the_samples_are_understood_but_for_what_is_wrong_on_purpose(Path sample, int good) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (RequestFile file = RequestFile.open(sample, RULES)) {
            file.forEach(rows::add);
        }
        assertThat(rows).hasSize(good + 1);
        assertThat(accepted(rows)).hasSize(good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/template.jsonl", "/template.json"})
    void the_templates_name_columns(String template) throws Exception {
        try (InputStream text = Objects.requireNonNull(RequestFile.class.getResourceAsStream(template))) {
            String name = template.substring(1);
            assertThat(read(name, text.readAllBytes())).hasSize(1);
            assertThat(layout.columns())
                    .containsExactly("managedDeviceId", "serialNumber", "deprovisionReason", "ticket");
        }
    }
}
