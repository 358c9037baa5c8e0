package org.deprovisioner.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.deprovisioner.request.TestRules.ID;
import static org.deprovisioner.request.TestRules.OTHER_ID;
import static org.deprovisioner.request.TestRules.RULES;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.deprovisioner.request.Address.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckerTest {

    private static final String MANAGEMENT_SCRIPT =
            "deviceManagement/deviceManagementScripts/" + ID + "/deviceRunStates/" + ID + "/managedDevice";

    /** Columns and cells in turn. */
    private static Row check(RequestRules rules, String... namesAndCells) {
        List<String> names = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < namesAndCells.length; i += 2) {
            names.add(namesAndCells[i]);
            cells.add(namesAndCells[i + 1]);
        }
        return new RequestChecker(rules).check(new Entry(1, cells, "raw"), Columns.of(names, Set.of()), cells);
    }

    private static Request accepted(String... namesAndCells) {
        Row row = check(RULES, namesAndCells);
        assertThat(row).isInstanceOf(Row.Accepted.class);
        return ((Row.Accepted) row).request();
    }

    private static Row.Invalid invalid(RequestRules rules, String... namesAndCells) {
        Row row = check(rules, namesAndCells);
        assertThat(row).isInstanceOf(Row.Invalid.class);
        Row.Invalid invalid = (Row.Invalid) row;
        assertThat(invalid.error()).isNotBlank();
        assertThat(invalid.remedy()).isNotBlank();
        return invalid;
    }

    private static String error(String... namesAndCells) {
        return invalid(RULES, namesAndCells).error();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "managedDeviceId",
                "deviceId",
                "id",
                "ID",
                "Intune Device ID",
                "Device ID",
                "device_id",
                "Managed-Device-Id",
                " managed device id "
            })
    void the_device_id_goes_by_several_names(String name) {
        assertThat(accepted(name, ID).address().managedDeviceId()).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3FA85F64-5717-4562-B3FC-2C963F66AFA6",
                "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
                "  {3FA85F64-5717-4562-B3FC-2C963F66AFA6}\u00a0"
            })
    void an_id_may_have_capitals_braces_and_space_around(String id) {
        Address address = accepted("id", id).address();
        assertThat(address)
                .isEqualTo(new Address(Form.MANAGED_DEVICES, "deviceManagement/managedDevices/" + ID, Optional.of(ID)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "../../users",
                "%2f",
                "3fa85f64-5717-4562-b3fc-2c963f66afa6/..",
                "3fa85f64-5717-4562-b3fc-2c963f66afa",
                "3fa85f6457174562b3fc2c963f66afa6",
                "{3fa85f64-5717-4562-b3fc-2c963f66afa6",
                "3fa85f64-5717-4562-b3fc-2c963f66afa6\u200b",
                "3fa85f64-5717-4562-b3fc-2c963f66afa6:3fa85f64-5717-4562-b3fc-2c963f66afa6",
                "３fa85f64-5717-4562-b3fc-2c963f66afa6"
            })
    void what_is_no_guid_is_no_device_id(String id) {
        assertThat(error("id", id)).startsWith("column managedDeviceId: '");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\t",
                "\u00a0",
                "\u200b",
                " \u200b\ufeff ",
                "*",
                "%",
                "CB-*",
                "#N/A",
                "#n/a",
                "#REF!",
                "#WERT!",
                "#NAME?",
                "########",
                "1.23457E+14",
                "1,23457E+14",
                "1E+09"
            })
    void blanks_wildcards_and_spreadsheet_damage_are_refused_in_all_columns_that_find_or_check_a_device(String value) {
        for (String name : List.of("id", "serialNumber", "deviceName", "userPrincipalName", "azureADDeviceId")) {
            String[] row = name.equals("id") ? new String[] {name, value} : new String[] {"id", ID, name, value};
            assertThat(error(row)).as(name).startsWith("column ");
            if (!name.equals("id")) {
                assertThat(error(name, value)).as(name + " alone").startsWith("column ");
            }
        }
    }

    @Test
    void an_empty_cell_beside_an_id_counts_as_not_given() {
        assertThat(accepted("id", ID, "serialNumber", "", "deviceName", " CB-1 ")
                        .expected())
                .isEqualTo(new Expected(Optional.empty(), Optional.of("CB-1"), Optional.empty(), Optional.empty()));
    }

    @Test
    void a_blank_serial_number_beside_a_user_would_find_the_users_new_device() {
        assertThat(error("serialNumber", "", "userPrincipalName", "ada@contoso.com"))
                .isEqualTo("column serialNumber: a blank cell matches nothing");
    }

    @Test
    void without_an_id_the_device_is_to_be_found_and_an_empty_cell_beside_a_serial_number_counts_as_not_given() {
        Request request = accepted("id", "", "Serial number", " 5CD1 ", "deviceName", "");
        assertThat(request.expected())
                .isEqualTo(new Expected(Optional.of("5CD1"), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(request.address().isSearch()).isTrue();
        assertThat(request.address().path()).isEqualTo("deviceManagement/managedDevices");
        assertThat(request.address().of(ID)).isEqualTo(accepted("id", ID).address());
    }

    @Test
    void a_device_that_is_found_can_be_acted_on_as_a_comanaged_one() {
        Request request = accepted("Serial number", "5CD1", "address", "comanagedDevices", "userId", "ada@contoso.com");
        assertThat(request.address().of(ID).path()).isEqualTo("deviceManagement/comanagedDevices/" + ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deviceName", "userPrincipalName", "azureADDeviceId"})
    void only_a_serial_number_stands_beside_an_empty_id(String column) {
        String value = column.equals("azureADDeviceId") ? ID : "ada@contoso.com";
        assertThat(accepted(column, value).address().isSearch()).isTrue();
        assertThat(error("id", "", column, value)).isEqualTo("column managedDeviceId: a blank cell matches nothing");
    }

    @Test
    void without_a_look_at_devices_none_can_be_found() {
        RequestRules unseen = TestRules.with(Optional.of("retiring_device"), Set.of(), false);
        assertThat(invalid(unseen, "serialNumber", "5CD1").error()).contains("deprovision.resolve=false");
    }

    @Test
    void an_entra_id_is_never_taken_for_an_intune_id() {
        assertThat(accepted("Entra device ID", ID).address().managedDeviceId()).isEmpty();
        assertThat(accepted("id", ID, "Azure AD Device ID", "{" + OTHER_ID + "}")
                        .expected()
                        .azureADDeviceId())
                .contains(OTHER_ID);
    }

    @Test
    void no_user_and_no_entra_id_as_intune_writes_them_count_as_not_given() {
        String zero = "{00000000-0000-0000-0000-000000000000}";
        for (String none : List.of("None", " none ", "NONE")) {
            assertThat(accepted("id", ID, "Primary user UPN", none, "Entra device ID", zero)
                            .expected())
                    .isEqualTo(new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
            assertThat(error("userPrincipalName", none)).contains("so no device is named");
            assertThat(error("deviceName", "CB-1", "userPrincipalName", none)).contains("a blank cell matches nothing");
        }
        assertThat(error("azureADDeviceId", zero)).contains("so no device is named");
        assertThat(accepted("id", ID, "deviceName", "None").expected().deviceName())
                .contains("None");
    }

    @Test
    void a_row_without_anything_that_names_a_device_is_invalid() {
        assertThat(error("id", "", "reason", "x"))
                .isEqualTo("column managedDeviceId: it is empty, so no device is named");
        assertThat(error("id", "", "userId", "ada@contoso.com")).contains("no device is named");
    }

    @Test
    void a_blank_in_a_list_of_serial_numbers_names_the_column_that_is_blank() {
        assertThat(error("serialNumber", "", "reason", "x"))
                .isEqualTo("column serialNumber: it is empty, so no device is named");
        assertThat(invalid(RULES, "serialNumber", "", "reason", "x").remedy())
                .isEqualTo("Fill serialNumber, or take the row out.");
        assertThat(error("serialNumber", "", "deviceName", "", "reason", "x"))
                .isEqualTo("columns serialNumber, deviceName: they are empty, so no device is named");
        assertThat(error("serialNumber", "", "deviceName", "CB-1", "reason", "x"))
                .isEqualTo("column serialNumber: a blank cell matches nothing");
    }

    @Test
    void where_no_column_is_the_id_that_is_said_with_the_columns_there_are() {
        assertThat(error("Gerät", ID, "reason", "x"))
                .isEqualTo("column managedDeviceId is missing, and no other one names the device. The columns are:"
                        + " Gerät, reason");
        assertThat(invalid(RULES, "Gerät", ID, "reason", "x").remedy()).contains("Add managedDeviceId", "rename it");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                managedDevices",
        "managedDevices,    managedDevices",
        "comanagedDevices,  comanagedDevices",
        "COMANAGEDDEVICES,  comanagedDevices"
    })
    void the_address_column_chooses_between_the_two_short_forms(String address, String segment) {
        assertThat(accepted("id", ID, "address", address).address().path())
                .isEqualTo("deviceManagement/" + segment + "/" + ID);
    }

    @Test
    void an_unknown_address_is_invalid() {
        assertThat(error("id", ID, "address", "groups")).contains("none of managedDevices, comanagedDevices and users");
    }

    @ParameterizedTest
    @CsvSource({
        "deviceHealthScript,     deviceHealthScripts,     DEVICE_HEALTH_SCRIPTS",
        "deviceManagementScript, deviceManagementScripts, DEVICE_MANAGEMENT_SCRIPTS",
        "deviceComplianceScript, deviceComplianceScripts, DEVICE_COMPLIANCE_SCRIPTS"
    })
    void forms_three_to_five_are_chosen_by_their_columns(String script, String segment, Form form) {
        String state = ID + ":" + OTHER_ID;
        String[] row = {
            "id", "", script + "Id", ID, script + "DeviceStateId", "{" + state.toUpperCase(Locale.ROOT) + "}"
        };
        assertThat(accepted(row).address())
                .isEqualTo(new Address(
                        form,
                        "deviceManagement/" + segment + "/" + ID + "/deviceRunStates/" + state + "/managedDevice",
                        Optional.empty()));
        assertThat(invalid(TestRules.with(Optional.of("x"), Set.of(), false), row)
                        .error())
                .contains("deprovision.resolve=false");
    }

    @Test
    void form_six_needs_a_user_and_a_device() {
        assertThat(longRow("userId", "Ada.O'Neil@contoso.com", "id", OTHER_ID))
                .isEqualTo(new Address(
                        Form.DEVICE_MANAGEMENT_SCRIPTS_USERS,
                        MANAGEMENT_SCRIPT + "/users/Ada.O%27Neil@contoso.com/managedDevices/" + OTHER_ID,
                        Optional.of(OTHER_ID)));
        assertThat(longRow("userId", OTHER_ID.toUpperCase(Locale.ROOT), "id", ID)
                        .path())
                .contains("/users/" + OTHER_ID + "/");
    }

    @Test
    void form_seven_needs_an_app_and_a_device() {
        assertThat(longRow("detectedAppId", OTHER_ID, "id", ID))
                .isEqualTo(new Address(
                        Form.DEVICE_MANAGEMENT_SCRIPTS_DETECTED_APPS,
                        MANAGEMENT_SCRIPT + "/detectedApps/" + OTHER_ID + "/managedDevices/" + ID,
                        Optional.of(ID)));
    }

    @Test
    void form_eight_needs_a_user_and_a_device_and_is_never_chosen_by_its_columns() {
        assertThat(accepted("address", "users", "userId", "Ada@contoso.com", "id", ID)
                        .address())
                .isEqualTo(new Address(Form.USERS, "users/Ada@contoso.com/managedDevices/" + ID, Optional.of(ID)));
        assertThat(accepted("userId", "Ada@contoso.com", "id", ID).address().form())
                .isEqualTo(Form.MANAGED_DEVICES);
    }

    @Test
    void a_partly_filled_form_eight_is_invalid_and_names_what_it_lacks() {
        assertThat(error("address", "users", "id", ID)).endsWith("lacks userId");
        assertThat(error("address", "users", "userId", ID)).endsWith("lacks managedDeviceId");
        assertThat(error("address", "Users", "serialNumber", "5CD1234XYZ"))
                .endsWith("lacks managedDeviceId and userId");
        assertThat(error("address", "users", "userId", ID, "serialNumber", "5CD1234XYZ"))
                .endsWith("lacks managedDeviceId");
        assertThat(error(longCells("address", "users", "userId", OTHER_ID, "id", ID)))
                .contains("contradicts the filled");
        assertThat(error("address", "users", "userId", "../devices", "id", ID)).startsWith("column userId: '");
    }

    private static Address longRow(String... more) {
        return accepted(longCells(more)).address();
    }

    private static String[] longCells(String... more) {
        List<String> cells =
                new ArrayList<>(List.of("deviceManagementScriptId", ID, "deviceManagementScriptDeviceStateId", ID));
        cells.addAll(List.of(more));
        return cells.toArray(String[]::new);
    }

    @Test
    void a_partly_filled_form_is_invalid_and_names_what_it_lacks() {
        assertThat(error("deviceHealthScriptId", ID)).contains("lacks deviceHealthScriptDeviceStateId");
        assertThat(error("id", ID, "detectedAppId", ID))
                .contains("lacks deviceManagementScriptId and deviceManagementScriptDeviceStateId");
        assertThat(error(longCells("id", ID))).contains("lacks userId, or detectedAppId");
        assertThat(error(longCells("userId", ID))).contains("lacks managedDeviceId");
        assertThat(error("id", ID, "deviceManagementScriptId", ID, "userId", ID))
                .contains("lacks deviceManagementScriptDeviceStateId");
    }

    @Test
    void columns_of_different_forms_are_invalid_together() {
        assertThat(error("id", ID, "deviceHealthScriptId", ID)).contains("none of the forms");
        assertThat(error(longCells("id", ID, "userId", ID, "detectedAppId", ID)))
                .contains("none of the forms");
        assertThat(error(longCells("address", "managedDevices"))).contains("contradicts the filled");
    }

    @Test
    void a_user_id_without_script_columns_is_only_carried_along() {
        assertThat(accepted("id", ID, "userId", "whatever / you like").address().form())
                .isEqualTo(Form.MANAGED_DEVICES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../../users",
                "%2f",
                "a/b@contoso.com",
                "a%2fb@contoso.com",
                "a b@contoso.com",
                "a?b@contoso.com",
                "a\\b@contoso.com",
                "@contoso.com",
                "a@b@c",
                "ädä@contoso.com",
                "a\nb@contoso.com"
            })
    void what_is_neither_guid_nor_principal_name_is_no_user(String user) {
        assertThat(error(longCells("id", ID, "userId", user))).startsWith("column userId: '");
    }

    @Test
    void no_value_can_make_a_path_outside_the_eight_forms() {
        String guid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
        String state = guid + "(:" + guid + ")?";
        String user = "([A-Za-z0-9._~@:-]|%[0-9A-F]{2})+";
        String management = "deviceManagementScripts/" + guid + "/deviceRunStates/" + state + "/managedDevice";
        Pattern forms = Pattern.compile("deviceManagement/(co)?managedDevices/" + guid
                + "|deviceManagement/device(Health|Compliance)Scripts/" + guid + "/deviceRunStates/" + state
                + "/managedDevice|deviceManagement/" + management + "(/(users/(" + guid + "|" + user
                + ")|detectedApps/" + guid + ")/managedDevices/" + guid + ")?|users/(" + guid + "|" + user
                + ")/managedDevices/" + guid);
        List<String> columns = List.of(
                "managedDeviceId",
                "address",
                "userId",
                "detectedAppId",
                "deviceHealthScriptId",
                "deviceHealthScriptDeviceStateId",
                "deviceManagementScriptId",
                "deviceManagementScriptDeviceStateId",
                "deviceComplianceScriptId",
                "deviceComplianceScriptDeviceStateId");
        List<String> bits = List.of(
                ID,
                ID,
                ID,
                ID,
                ID,
                OTHER_ID,
                "",
                "",
                "",
                "",
                ":",
                "/",
                "..",
                "../",
                "%2f",
                "%2F..",
                "\\",
                "?",
                "#",
                ";",
                "@",
                "a@b.c",
                "#EXT#",
                "'",
                "~",
                "^",
                "{",
                "}",
                " ",
                "\n",
                "\r\n",
                "\t",
                "\0",
                "\u200b",
                "\u2215",
                "\ufffd",
                "\ud800",
                "managedDevices",
                "comanagedDevices",
                "users",
                "$batch",
                "deprovision",
                "é",
                "😀");
        List<Form> aims = List.of(Form.values());
        Random random = new Random(2027);
        Set<Form> seen = EnumSet.noneOf(Form.class);
        for (int i = 0; i < 30_000; i++) {
            List<String> row = new ArrayList<>();
            Form aim = aims.get(random.nextInt(aims.size()));
            for (String column : columns) {
                boolean wanted =
                        aim.placeholders().stream().anyMatch(c -> c.toString().equals(column));
                String cell = wanted ? (column.equals("userId") ? "a.b@c.de" : ID) : "";
                if (aim == Form.USERS && column.equals("address")) {
                    cell = "users";
                }
                int damage = random.nextInt(8);
                for (int n = damage == 0 ? 1 + random.nextInt(3) : 0; n > 0; n--) {
                    String bit = bits.get(random.nextInt(bits.size()));
                    int at = random.nextInt(cell.length() + 1);
                    cell = random.nextBoolean() ? bit : cell.substring(0, at) + bit + cell.substring(at);
                }
                row.add(column);
                row.add(cell);
            }
            if (check(RULES, row.toArray(String[]::new)) instanceof Row.Accepted accepted) {
                Address address = accepted.request().address();
                assertThat(forms.matcher(address.path()).matches())
                        .as("%s from %s", address, row)
                        .isTrue();
                assertThat(address.path().split("/")).doesNotContain(".", "..", "");
                seen.add(address.form());
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Form.values());
    }

    @Test
    void an_empty_reason_is_the_default_and_without_one_invalid() {
        assertThat(accepted("id", ID, "reason", "  ").reason()).isEqualTo("retiring_device");
        assertThat(accepted("id", ID).reason()).isEqualTo("retiring_device");
        Row.Invalid row = invalid(TestRules.with(Optional.empty(), Set.of(), true), "id", ID, "reason", "");
        assertThat(row.error()).startsWith("column deprovisionReason: it is empty");
        assertThat(row.remedy()).contains("deprovision.reason.default");
    }

    @Test
    void any_reason_is_sent_as_it_is_unless_they_are_restricted() {
        assertThat(accepted("id", ID, "reason", "=cmd()").reason()).isEqualTo("=cmd()");
        RequestRules two = TestRules.with(Optional.empty(), Set.of("retiring_device", "upgrade_transfer"), true);
        assertThat(invalid(two, "id", ID, "reason", "Retiring_Device").remedy())
                .isEqualTo("Write one of retiring_device, upgrade_transfer.");
        assertThat(check(two, "id", ID, "reason", "upgrade_transfer")).isInstanceOf(Row.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({"deprovisionReason, 1000", "serialNumber, 256", "requestId, 256", "deviceName, 256", "ticket, 32767"})
    void every_value_has_a_largest_length(String column, int length) {
        assertThat(check(RULES, "id", ID, column, "x".repeat(length))).isInstanceOf(Row.Accepted.class);
        assertThat(error("id", ID, column, "x".repeat(length + 1)))
                .startsWith("column " + column + ": 'xxx")
                .contains("is longer than")
                .hasSizeLessThan(150);
    }

    @Test
    void control_characters_are_refused_and_shown_as_escapes() {
        assertThat(error("id", ID, "reason", "a\u0007b"))
                .isEqualTo("column reason: 'a\\u0007b' has control characters");
        assertThat(error("id", ID, "reason", "a\nb")).contains("'a\\u000ab' has characters that cannot be seen");
        assertThat(error("id", ID, "reason", "a\u202eb")).contains("a\\u202eb");
        assertThat(error("id", ID, "ticket", "a\0b")).startsWith("column ticket: 'a\\u0000b'");
        assertThat(check(RULES, "id", ID, "note", "two\nlines\tand a tab")).isInstanceOf(Row.Accepted.class);
    }

    @Test
    void an_unknown_tenant_is_invalid_and_lists_the_known() {
        RequestRules two = TestRules.tenants("north", "south");
        assertThat(invalid(two, "id", ID, "tenant", "west").remedy()).isEqualTo("Write one of north, south.");
        assertThat(invalid(two, "id", ID).error()).contains("several tenants are configured");
        assertThat(invalid(two, "id", ID).tenant()).isEmpty();
        assertThat(invalid(two, "id", "x", "tenant", "south").tenant()).isEqualTo("south");
        assertThat(check(two, "id", ID, "tenant", " south "))
                .asInstanceOf(type(Row.Accepted.class))
                .extracting(row -> row.request().tenant())
                .isEqualTo("south");
    }

    @Test
    void not_before_is_an_instant() {
        assertThat(accepted("id", ID, "notBefore", "2027-01-31T09:00:00+01:00").notBefore())
                .contains(Instant.parse("2027-01-31T08:00:00Z"));
        for (String no : List.of("tomorrow", "2027-01-31", "2027-01-31T09:00:00", "+12027-01-31T09:00:00Z")) {
            assertThat(error("id", ID, "not before", no)).contains("is not a date and time");
        }
    }

    @Test
    void force_needs_a_request_id() {
        assertThat(accepted("id", ID, "force", "TRUE", "requestId", "r1").force())
                .isTrue();
        assertThat(accepted("id", ID, "force", "false").force()).isFalse();
        assertThat(error("id", ID, "force", "true", "requestId", " ")).contains("needs a requestId");
        assertThat(error("id", ID, "force", "yes")).contains("neither true nor false");
    }

    @Test
    void two_columns_of_one_meaning_must_agree() {
        String message = "differs from '" + ID + "' in another column that means managedDeviceId";
        assertThat(error("id", ID, "managedDeviceId", OTHER_ID)).contains(message);
        assertThat(error("id", ID, "id", OTHER_ID)).contains(message);
        assertThat(error("reason", "a", "deprovisionReason", "b", "id", ID)).contains("means deprovisionReason");
        assertThat(accepted("id", "", "Device ID", ID, "deviceId", "{" + ID.toUpperCase(Locale.ROOT) + "}")
                        .address()
                        .path())
                .endsWith(ID);
    }

    @Test
    void unknown_columns_are_only_carried_along() {
        Row row = check(RULES, "id", ID, "Authorization", "Bearer x", "CamelHttpUri", "http://evil");
        assertThat(row.cells()).containsExactly(ID, "Bearer x", "http://evil");
        assertThat(row).isInstanceOf(Row.Accepted.class);
        assertThat(((Row.Accepted) row).request().toString()).doesNotContain("Bearer", "evil");
    }

    @Test
    void an_invalid_row_keeps_its_key() {
        assertThat(invalid(RULES, "id", "x", "requestId", " r7 ").requestId()).isEqualTo("r7");
    }
}
