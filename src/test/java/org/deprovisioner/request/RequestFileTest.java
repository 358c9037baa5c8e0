package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deprovisioner.request.TestRules.ID;
import static org.deprovisioner.request.TestRules.OTHER_ID;
import static org.deprovisioner.request.TestRules.RULES;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFileTest {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @TempDir
    private Path folder;

    private record Content(Layout layout, List<Row> rows, Skipped skipped) {

        Row.Accepted accepted(int index) {
            assertThat(rows.get(index)).isInstanceOf(Row.Accepted.class);
            return (Row.Accepted) rows.get(index);
        }

        Row.Invalid invalid(int index) {
            assertThat(rows.get(index)).isInstanceOf(Row.Invalid.class);
            return (Row.Invalid) rows.get(index);
        }
    }

    private Content read(byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve("leavers.csv"), bytes);
        try (RequestFile requests = RequestFile.open(file, RULES)) {
            List<Row> rows = new ArrayList<>();
            requests.forEach(rows::add);
            return new Content(requests.layout(), rows, requests.skipped());
        }
    }

    private Content read(String text) throws Exception {
        return read(text.getBytes(UTF_8));
    }

    private String reasonAgainst(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        UnusableFileException refused = catchThrowableOfType(
                UnusableFileException.class, () -> RequestFile.open(file, RULES).close());
        assertThat(refused).as(name).isNotNull();
        return refused.getMessage();
    }

    private String reasonAgainst(String text) throws IOException {
        return reasonAgainst("leavers.csv", text.getBytes(UTF_8));
    }

    @Test
    void the_nasty_file_is_read_row_by_row_and_every_row_is_accounted_for() throws Exception {
        List<String> raws = List.of(
                ID + ";=cmd();5CD1;Müller;;Bearer x;;",
                "{" + OTHER_ID.toUpperCase(Locale.ROOT) + "};;;\"two\r\nlines; \"\"quoted\"\"\";;;;",
                ";retire;;no id;;;;",
                " ;retire;;blank id;;;;",
                "*;retire;;;;;;",
                "../../users;retire;;;;;;",
                "%2f;retire;;;;;;",
                "1.23457E+14;retire;;;;;;",
                "#N/A;retire;;;;;;",
                ID + ";retire;*;;;;;",
                ID + ";retire;;;" + ID + ";;;",
                ID + ";retire;;;;;;;surplus",
                ID);
        String text = "\"sep=;\"\r\n# leavers of June\r\n\r\n"
                + "Intune Device ID;Reason;Serial number;Name;deviceHealthScriptId;Authorization;Colour;force\r\n"
                + String.join("\r\n", raws)
                + "\r\n   \r\n# the end";
        Content content = read(text.getBytes(WINDOWS_1252));
        assertThat(content.layout())
                .isEqualTo(new Layout(
                        List.of(
                                "Intune Device ID",
                                "Reason",
                                "Serial number",
                                "Name",
                                "deviceHealthScriptId",
                                "Authorization",
                                "Colour",
                                "force"),
                        ';'));
        assertThat(content.rows()).hasSize(raws.size());
        assertThat(content.rows())
                .extracting(Row::line)
                .containsExactly(5L, 6L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L);
        assertThat(content.accepted(0).request().reason()).isEqualTo("=cmd()");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "=cmd()", "5CD1", "Müller", "", "Bearer x", "", "");
        assertThat(content.accepted(1).request().address().managedDeviceId()).contains(OTHER_ID);
        assertThat(content.accepted(1).cells().get(3)).isEqualTo("two\r\nlines; \"quoted\"");
        for (int i = 2; i < raws.size() - 1; i++) {
            assertThat(content.invalid(i).raw()).isEqualTo(raws.get(i));
        }
        assertThat(content.accepted(12).cells()).containsExactly(ID, "", "", "", "", "", "", "");
        assertThat(content.invalid(2).error()).contains("no device is named");
        assertThat(content.invalid(3).error()).contains("is blank");
        assertThat(content.invalid(4).error()).contains("wildcard");
        assertThat(content.invalid(7).error()).contains("a spreadsheet has rounded");
        assertThat(content.invalid(8).error()).contains("spreadsheet's error");
        assertThat(content.invalid(11).error()).isEqualTo("the row has 9 cells and the header 8 columns");
        assertThat(content.invalid(11).cells()).containsOnly("").hasSize(8);
    }

    @Test
    void aRowThatIsCutByAnotherDelimiterThanItsHeaderLosesNoCheckUnseen() throws Exception {
        Content content = read("managedDeviceId,deprovisionReason,serialNumber\n"
                + ID + ",retiring_device;5CD0000012\n"
                + ID + "\tretiring_device\t5CD0000012\n"
                + ID + ",retiring_device\n");
        assertThat(content.invalid(0).error()).contains("another delimiter stands in the row");
        assertThat(content.invalid(1).error()).contains("another delimiter stands in the row");
        assertThat(content.accepted(2).cells()).containsExactly(ID, "retiring_device", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_end_with_lf_crlf_or_cr(String end) throws Exception {
        Content content = read("id,reason" + end + ID + ",a" + end + end + OTHER_ID + ",b" + end + "x,c");
        assertThat(content.rows()).extracting(Row::line).containsExactly(2L, 4L, 5L);
        assertThat(content.accepted(1).request().reason()).isEqualTo("b");
        assertThat(content.invalid(2).raw()).isEqualTo("x,c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"','", "';'", "'\t'"})
    void the_delimiter_is_found_from_the_header(String delimiter) throws Exception {
        String header = String.join(delimiter, "id", "reason", "\"note, or remark; or\tboth\"");
        Content content = read(header + "\n" + String.join(delimiter, ID, "a", "b") + "\n");
        assertThat(content.layout().delimiter()).isEqualTo(delimiter.charAt(0));
        assertThat(content.layout().columns()).containsExactly("id", "reason", "note, or remark; or\tboth");
        assertThat(content.accepted(0).request().reason()).isEqualTo("a");
    }

    @Test
    void a_sep_line_decides_over_the_header() throws Exception {
        assertThat(read("sep=\t\nid\tcost;x,y\n" + ID + "\tz\n").layout())
                .isEqualTo(new Layout(List.of("id", "cost;x,y"), '\t'));
        assertThat(reasonAgainst("sep=,\nmanagedDeviceId;reason\n" + ID + ";x\n"))
                .contains("'managedDeviceId;reason' reads as one column");
        assertThat(reasonAgainst("sep=|\nmanagedDeviceId|reason\n")).contains("comma, semicolon or tab");
    }

    @Test
    void one_column_is_enough_with_a_default_reason() throws Exception {
        assertThat(read("managedDeviceId\n" + ID).accepted(0).request().reason())
                .isEqualTo("retiring_device");
    }

    @Test
    void a_header_may_go_over_two_lines() throws Exception {
        Content content = read("id;\"what we\nnote\";reason\n" + ID + ";n;r\n");
        assertThat(content.layout().columns()).containsExactly("id", "what we\nnote", "reason");
        assertThat(content.accepted(0).line()).isEqualTo(3);
    }

    @Test
    void encodings_are_found_by_the_byte_order_mark_or_the_content() throws Exception {
        String text = "id;name\n" + ID + ";Jörg Łukasz €\n";
        String marked = "\ufeff" + text;
        for (byte[] bytes : List.of(
                text.getBytes(UTF_8), marked.getBytes(UTF_8), marked.getBytes(UTF_16LE), marked.getBytes(UTF_16BE))) {
            Content content = read(bytes);
            assertThat(content.layout().columns()).containsExactly("id", "name");
            assertThat(content.accepted(0).cells().get(1)).isEqualTo("Jörg Łukasz €");
        }
        assertThat(read(text.replace("Ł", "L").getBytes(WINDOWS_1252))
                        .accepted(0)
                        .cells()
                        .get(1))
                .isEqualTo("Jörg Lukasz €");
    }

    @Test
    void one_byte_at_the_very_end_costs_no_other_row_its_encoding() throws Exception {
        String text = "id,name\n" + (ID + ",é\n").repeat(50_000);
        byte[] utf8 = text.getBytes(UTF_8);
        assertThat(read(utf8).accepted(49_999).cells().get(1)).isEqualTo("é");
        byte[] damaged = Arrays.copyOf(utf8, utf8.length + 1);
        damaged[utf8.length] = (byte) 0xfc;
        Content content = read(damaged);
        assertThat(content.accepted(0).cells().get(1)).isEqualTo("é");
        assertThat(content.accepted(49_999).cells().get(1)).isEqualTo("é");
        assertThat(content.invalid(50_000).raw()).isEqualTo("ü");
    }

    @Test
    void a_comment_is_no_row_but_a_spreadsheet_error_at_the_start_of_a_line_is() throws Exception {
        Content content = read("id,reason\n#" + ID + ",a\n# N/A,b\n#NAME,c\n#N/A,d\n#REF!\n#N/Answer\n" + ID + ",e\n");
        assertThat(content.rows()).extracting(Row::line).containsExactly(5L, 6L, 8L);
    }

    @Test
    void lines_without_content_are_skipped_and_counted_as_spreadsheets_leave_them() throws Exception {
        Content content =
                read("id,reason,note\r\n" + ID + ",a,b\r\n,,\r\n;;\r\n , ,\r\n\"\",\"\",\"\"\r\n\t\t\r\n\r\n   \r\n"
                        + "\u00a0,\u2003,\r\n\"\r\n\"\"\"\r\n\"\r\n\r\n\",,\r\n" + OTHER_ID + ",c,d\r\n,,,,\r\n");
        assertThat(content.rows()).extracting(Row::line).containsExactly(2L, 16L);
        assertThat(content.skipped()).isEqualTo(new Skipped(14, 0, List.of()));
        assertThat(content.skipped().words()).contains("Skipped 14 lines without content.");
    }

    @Test
    void a_line_with_one_visible_character_is_a_row() throws Exception {
        assertThat(read("id,reason,note\n,,.\n,0,\n\"\",\u200b,\n" + ID + "\n").rows())
                .extracting(Row::line)
                .containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void lines_that_begin_with_a_number_sign_are_skipped_counted_and_named() throws Exception {
        Content content = read("# of June\nticket,id\n4710," + ID + "\n#4711," + ID + "\n\n#4712," + OTHER_ID
                + "\n\"#4713\"," + OTHER_ID + "\n");
        assertThat(content.rows()).extracting(Row::line).containsExactly(3L, 7L);
        assertThat(content.skipped().words())
                .contains("Skipped 1 line without content and 3 lines that begin with '#' (lines 1, 4, 6).");
        assertThat(read("id\n" + "#\n".repeat(9) + ID + "\n").skipped().words())
                .contains("Skipped 9 lines that begin with '#' (lines 2, 3, 4, 5, 6 …).");
    }

    @Test
    void a_header_that_begins_with_a_number_sign_is_said_to_be_skipped() throws Exception {
        assertThat(reasonAgainst("#,Device ID,Serial number\n1," + ID + ",5CD1\n2," + OTHER_ID + ",5CD2\n"))
                .contains("Skipped 1 line that begins with '#' (line 1)", "take the '#' away");
        assertThat(reasonAgainst("#managedDeviceId\n")).contains("(line 1)", "take the '#' away");
    }

    @Test
    void each_record_is_utf_8_or_windows_1252_for_itself() throws Exception {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        mixed.write(("\ufeffid;deviceName;Größe\n" + ID + ";Müller;a\n").getBytes(UTF_8));
        mixed.write((OTHER_ID + ";Schüler;\"two\nlines €\"\n").getBytes(WINDOWS_1252));
        mixed.write((ID + ";Łukasz;\"zwei\nZeilen ü\"\n").getBytes(UTF_8));
        Content content = read(mixed.toByteArray());
        assertThat(content.layout().columns()).containsExactly("id", "deviceName", "Größe");
        assertThat(content.accepted(0).request().expected().deviceName()).contains("Müller");
        assertThat(content.accepted(1).cells()).containsExactly(OTHER_ID, "Schüler", "two\nlines €");
        assertThat(content.accepted(2).cells()).containsExactly(ID, "Łukasz", "zwei\nZeilen ü");
    }

    @Test
    void a_header_in_windows_1252_and_rows_in_utf_8_are_both_understood() throws Exception {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        mixed.write("id,Größe\n".getBytes(WINDOWS_1252));
        mixed.write((ID + ",ü").getBytes(UTF_8));
        Content content = read(mixed.toByteArray());
        assertThat(content.layout().columns()).containsExactly("id", "Größe");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "ü");
    }

    @Test
    void values_are_read_in_their_composed_form_and_results_keep_them_as_they_were() throws Exception {
        String decomposed = "Mu\u0308ller";
        Content content = read("id,deviceName,upn,requestId\n" + ID + "," + decomposed + "," + decomposed
                + "@x.example," + decomposed + "\n");
        assertThat(content.accepted(0).request().expected().deviceName()).contains("Müller");
        assertThat(content.accepted(0).request().expected().userPrincipalName()).contains("Müller@x.example");
        assertThat(content.accepted(0).request().requestId()).contains("Müller");
        assertThat(content.accepted(0).cells().get(1)).isEqualTo(decomposed);
    }

    @Test
    void empty_cells_may_miss_or_be_too_many_at_the_end() throws Exception {
        Content content = read("id,reason,note\n" + ID + "\n" + ID + ",a,b,, ,\n");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "", "");
        assertThat(content.accepted(1).cells()).containsExactly(ID, "a", "b");
    }

    @Test
    void an_unclosed_quote_costs_its_own_row_only() throws Exception {
        Content content = read("id,reason,note\n" + ID + ",a,\"unclosed\n" + ID + ",b,\n" + ID + ",c,\"closed\"\n" + ID
                + ",d,\"unclosed again\n" + ID + ",e\n");
        assertThat(content.rows()).extracting(Row::line).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(content.invalid(0).error()).isEqualTo("a quote is opened and never closed");
        assertThat(content.invalid(0).raw()).isEqualTo(ID + ",a,\"unclosed");
        assertThat(content.invalid(0).cells()).containsExactly("", "", "");
        assertThat(content.accepted(1).request().reason()).isEqualTo("b");
        assertThat(content.accepted(2).request().reason()).isEqualTo("c");
        assertThat(content.invalid(3).raw()).isEqualTo(ID + ",d,\"unclosed again");
        assertThat(content.accepted(4).request().reason()).isEqualTo("e");
    }

    @Test
    void an_unclosed_quote_early_in_a_long_file_loses_nothing() throws Exception {
        Content content = read("id,reason\n" + ID + ",\"a\n" + (ID + ",b\n").repeat(5_000));
        assertThat(content.rows()).hasSize(5_001);
        assertThat(content.rows()).filteredOn(Row.Invalid.class::isInstance).hasSize(1);
        assertThat(content.rows().get(5_000).line()).isEqualTo(5_002);
    }

    @Test
    void text_behind_a_closing_quote_makes_its_row_invalid() throws Exception {
        Content content = read("id,reason\n" + ID + ",\"a\"b\n" + ID + ",c\"d\"\n");
        assertThat(content.invalid(0).error()).isEqualTo("text follows a closing quote");
        assertThat(content.invalid(0).raw()).isEqualTo(ID + ",\"a\"b");
        assertThat(content.accepted(1).request().reason()).isEqualTo("c\"d\"");
    }

    @Test
    void an_endless_line_ends_as_one_invalid_row() throws Exception {
        Content content = read("id,note\n" + ID + "," + "x".repeat(3_000_000) + "\n" + ID + ",short\n");
        assertThat(content.rows()).hasSize(2);
        assertThat(content.invalid(0).error()).contains("longer than 65536 characters");
        assertThat(content.invalid(0).raw()).hasSize(65_536);
        assertThat(content.accepted(1).line()).isEqualTo(3);
    }

    @Test
    void a_results_file_coming_back_is_read_without_what_was_added() throws Exception {
        String added = String.join(",", Layout.RESULT_COLUMNS);
        String cells = "x,".repeat(Layout.RESULT_COLUMNS.size() - 1);
        Content content = read("\ufeffid,reason,class,ticket,requestId," + added + ",raw\n"
                + ID + ",'=cmd(),7b,''quoted,own," + cells + "own,\"id,\"\"reason\"\"\"\n"
                + ID + ",'plain,7b,',," + cells + "sent,\n"
                + ID + ",r,7b,,one," + cells + "other,\n");
        assertThat(content.layout().columns()).containsExactly("id", "reason", "class", "ticket", "requestId");
        assertThat(content.accepted(0).request().reason()).isEqualTo("=cmd()");
        assertThat(content.accepted(0).request().requestId()).contains("own");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "=cmd()", "7b", "'quoted", "own");
        assertThat(content.accepted(1).cells()).containsExactly(ID, "'plain", "7b", "'", "");
        assertThat(content.accepted(1).request().requestId()).contains("sent");
        assertThat(content.invalid(2).error()).contains("means requestId");
    }

    @Test
    void a_results_file_of_an_earlier_version_is_read_without_what_was_added_too() throws Exception {
        Content content =
                read("managedDeviceId,foundName,line,outcome,class,httpStatus,graphCode,error,remedy,attempts,"
                        + "graphRequestId,clientRequestId,startedUtc,finishedUtc,requestId,raw\n"
                        + ID + ",in room 7,2,unknown,unknown,,,e,r,1,g,c,s,f,key,\n");
        assertThat(content.layout().columns())
                .as("a column that only looks like one of today's is the user's")
                .containsExactly("managedDeviceId", "foundName");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "in room 7");
        assertThat(content.accepted(0).request().requestId()).contains("key");
    }

    @Test
    void what_graph_knows_of_a_device_is_ours_only_where_all_of_it_stands() throws Exception {
        Content ours =
                read("managedDeviceId,foundName,outcome,remedy,foundName,foundSerialNumber,foundUser,foundModel\n" + ID
                        + ",room 7,o,r,n,s,u,m\n");
        assertThat(ours.layout().columns()).containsExactly("managedDeviceId", "foundName");
        assertThat(ours.accepted(0).cells()).containsExactly(ID, "room 7");
        Content some =
                read("managedDeviceId,foundName,foundSerialNumber,foundUser,outcome,remedy\n" + ID + ",n,s,u,o,r\n");
        assertThat(some.layout().columns())
                .containsExactly("managedDeviceId", "foundName", "foundSerialNumber", "foundUser");
        Content nobodys =
                read("managedDeviceId,foundName,foundSerialNumber,foundUser,foundModel\n" + ID + ",n,s,u,m\n");
        assertThat(nobodys.layout().columns()).hasSize(5);
    }

    @Test
    void a_file_of_somebody_elses_keeps_its_class_and_line_and_quotes() throws Exception {
        Content content = read("id,class,line,raw,error,note\n" + ID + ",7b,1,r,e,'=x\n");
        assertThat(content.layout().columns()).containsExactly("id", "class", "line", "raw", "error", "note");
        assertThat(content.accepted(0).cells()).containsExactly(ID, "7b", "1", "r", "e", "'=x");
    }

    @Test
    void a_list_of_devices_comes_back_with_reasons_of_its_own_alone_and_its_cells_as_they_were() throws Exception {
        String list = "managedDeviceId,deviceName,deprovisionReason,Listed UTC\n" + ID
                + ",'=CB-1,,2027-01-01T00:00:00Z\n" + ID + ",'=CB-1,retiring_device,2027-01-01T00:00:00Z\n";
        Path file = Files.writeString(folder.resolve("devices.csv"), list);
        List<Row> rows = new ArrayList<>();
        try (RequestFile requests =
                RequestFile.open(file, TestRules.with(Optional.of("the default"), Set.of(), true))) {
            requests.forEach(rows::add);
        }
        assertThat(rows.get(0)).isInstanceOfSatisfying(Row.Invalid.class, row -> {
            assertThat(row.error()).contains("deprovisionReason", "listedUtc", "no default fills it");
            assertThat(row.remedy()).contains("take the row out");
        });
        assertThat(rows.get(1)).isInstanceOfSatisfying(Row.Accepted.class, row -> {
            assertThat(row.request().expected().deviceName()).contains("=CB-1");
            assertThat(row.cells()).containsExactly(ID, "=CB-1", "retiring_device", "2027-01-01T00:00:00Z");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+49", "-1", "@x", "\tx", "'x", "''", "'", "", "x'", "a=b"})
    void a_guarded_cell_comes_back_as_it_was(String cell) {
        assertThat(Layout.unguarded(Layout.guarded(cell))).isEqualTo(cell);
    }

    @Test
    void what_is_no_table_of_devices_is_refused_with_a_reason() throws Exception {
        assertThat(reasonAgainst("")).startsWith("The file is empty");
        assertThat(reasonAgainst("\n  \n# only a comment\n")).startsWith("The file holds no header");
        assertThat(reasonAgainst("id,reason\n\n# none\n")).startsWith("The file has a header and no rows");
        assertThat(reasonAgainst("ticket,reason\n1,2\n"))
                .contains("'ticket,reason' reads as 2 columns, and none names");
        assertThat(reasonAgainst("\"managedDeviceId;reason\"\n" + ID + ";x\n")).contains("reads as one column");
        assertThat(reasonAgainst(ID + ",retire\n")).contains("none names devices");
        assertThat(reasonAgainst("id,\"reason\n" + ID + ",x\n")).contains("never closed");
        assertThat(reasonAgainst("id" + ",x".repeat(500) + "\n")).contains("more than 500 columns");
        assertThat(reasonAgainst("userId,reason\na@b.c,x\n")).contains("none names devices");
        assertThat(reasonAgainst("id,reason\n" + ID + ",a\0b\n")).contains("NUL characters");
        assertThat(reasonAgainst("a.csv", ("id,reason\n" + ID + ",x\n").getBytes(UTF_16LE)))
                .contains("UTF-16 without");
    }

    @Test
    void foreign_kinds_are_known_by_their_content_whatever_the_name_says() throws Exception {
        Map<String, String> kinds = Map.of(
                "PK\u0003\u0004xxxx", "Excel workbook",
                "%PDF-1.7", "PDF",
                "\u0089PNG\r\n", "picture",
                "\u00d0\u00cf\u0011\u00e0xx", "old Excel",
                "\u001f\u008bxx", "gzip");
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            for (String name : List.of("leavers.csv", "leavers.xlsx")) {
                assertThat(reasonAgainst(name, kind.getKey().getBytes(ISO_8859_1)))
                        .contains(kind.getValue());
            }
        }
    }

    @Test
    void other_names_are_refused_too() throws Exception {
        byte[] csv = ("id\n" + ID + "\n").getBytes(UTF_8);
        assertThat(reasonAgainst("a.exe", csv)).contains("The file is of an unknown kind");
        assertThat(reasonAgainst("csv-without-a-dot", csv)).contains("unknown kind");
        try (RequestFile file = RequestFile.open(Files.write(folder.resolve("A.CSV"), csv), RULES)) {
            assertThat(file).hasSize(1);
        }
    }

    @Test
    void a_file_that_is_not_there_says_nothing_about_its_content() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() ->
                        RequestFile.open(folder.resolve("none.csv"), RULES).close());
    }

    @Test
    void rows_come_once() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "id\n" + ID + "\n");
        try (RequestFile requests = RequestFile.open(file, RULES)) {
            Iterator<Row> rows = requests.iterator();
            rows.next();
            assertThat(rows.hasNext()).isFalse();
            assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void the_sample_and_the_template_are_understood() throws Exception {
        try (RequestFile sample = RequestFile.open(Path.of("samples/leavers.csv"), RULES)) {
            List<Row> rows = new ArrayList<>();
            sample.forEach(rows::add);
            assertThat(rows)
                    .hasSize(5)
                    .filteredOn(Row.Accepted.class::isInstance)
                    .hasSize(3);
        }
        try (InputStream template = Objects.requireNonNull(RequestFile.class.getResourceAsStream("/template.csv"))) {
            String text = new String(template.readAllBytes(), UTF_8);
            assertThat(reasonAgainst(text)).startsWith("The file has a header and no rows");
            String example = text.lines()
                    .filter(line -> line.startsWith("# Example: "))
                    .findFirst()
                    .orElseThrow();
            Content content = read(text + example.replace("# Example: ", ""));
            assertThat(content.accepted(0).request().reason()).isEqualTo("retiring_device");
        }
    }
}
