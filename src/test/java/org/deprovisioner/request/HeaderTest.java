package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deprovisioner.request.TestRules.ID;
import static org.deprovisioner.request.TestRules.RULES;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a header looks like, a column that its writer counts on is read, or the file is refused. */
class HeaderTest {

    @TempDir
    private Path folder;

    private record Content(List<String> remarks, List<Row> rows) {

        String said() {
            return String.join(" ", remarks);
        }

        Request accepted(int index) {
            assertThat(rows.get(index)).isInstanceOf(Row.Accepted.class);
            return ((Row.Accepted) rows.get(index)).request();
        }
    }

    private Content read(String text, RequestRules rules) throws Exception {
        Path file = Files.write(folder.resolve("list.csv"), text.getBytes(UTF_8));
        try (RequestFile requests = RequestFile.open(file, rules)) {
            List<Row> rows = new ArrayList<>();
            requests.forEach(rows::add);
            return new Content(requests.remarks(), rows);
        }
    }

    private Content read(String text) throws Exception {
        return read(text, RULES);
    }

    private void refused(String text, String... reasons) {
        assertThatThrownBy(() -> read(text))
                .as(text)
                .isInstanceOf(UnusableFileException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).contains(reasons));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serialNumber*",
                "* Serial Number",
                "Serial Number:",
                "Serial Number : ",
                "Serial-Number :",
                "Serial\u00a0Number",
                "Serial\u2009Number",
                "Serial\u3000Number",
                "serial\u200bNumber",
                "serial\u2060Number",
                "serial\u00adNumber",
                "\ufeffserialNumber",
                "serialNumber\ufeff",
                "serial\ufeffNumber",
                "\u202aserialNumber\u202c",
                "serialNumber\ufe0f",
                "serial\u115fNumber",
                "\u201cserialNumber\u201d",
                "\u201eSerial number\u201c",
                "\u00abserialNumber\u00bb",
                "\u2039serialNumber\u203a",
                "\u2018serialNumber\u2019",
                "'serialNumber'",
                "`serialNumber`",
                "\u00b4serialNumber\u00b4",
                "\"serialNumber\"",
                "\u2033serialNumber\u2033",
                "\u300cserialNumber\u300d",
                "serial\u2010number",
                "serial\u2013number",
                "serial\u2014number",
                "serial\u2212number",
                "serial\u2011number",
                "SERIAL__NUMBER",
                "serial\uff3fnumber",
                "\uff33\uff45\uff52\uff49\uff41\uff4c\uff2e\uff55\uff4d\uff42\uff45\uff52",
                "serialnumber.",
                "Serial Number*:",
                " ** Serial Number ** ",
                "Serial",
                "SERIAL:",
                "Serial No",
                "Serial No.",
                "serial_no",
                "Serial\tNumber",
                "Serial\nNumber"
            })
    void aSerialNumberIsReadHoweverItsHeaderIsDressed(String name) throws Exception {
        Content content = read("managedDeviceId," + quoted(name) + "\n" + ID + ",5CD0000012\n");
        assertThat(content.accepted(0).expected().serialNumber()).contains("5CD0000012");
        assertThat(content.said()).contains("as serialNumber");
    }

    @ParameterizedTest
    @CsvSource({
        "hostname, deviceName",
        "Host Name, deviceName",
        "upn, userPrincipalName",
        "U.P.N., none",
        "UPN:, userPrincipalName",
        "Azure AD Device ID, azureADDeviceId",
        "Entra device ID*, azureADDeviceId",
        "Primary user UPN, userPrincipalName"
    })
    void aliasesAreWholeNames(String name, String column) {
        assertThat(Column.named(name).map(Column::toString).orElse("none")).isEqualTo(column);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SerialNumbers",
                "Serial Number 2",
                "Serial Number (2)",
                "Serial Number #1",
                "serial_number_1",
                "serialNumber?",
                "[serialNumber]",
                "serialNummer",
                "serialNumbr",
                "serialNumbe",
                "serailNumber",
                "serialNumebr",
                "s\u00e9rialNumber",
                "s\u00e9r\u00efalN\u00fcmber",
                "seri\u0430lNumber",
                "s\u0435ri\u0430lN\u0443mb\u0435r",
                "\u0455\u0435r\u0456\u0430l",
                "s\u03b5r\u03b9\u03b1lNumb\u03b5r",
                "Serial Nr.",
                "Serial No 2",
                "device_name1",
                "DeviceNames",
                "devicenmae",
                "d\u0435viceN\u0430me",
                "Hostname1",
                "hostnames",
                "userPrincipalNames",
                "Primary user UPN 1",
                "azureADDeviceIds",
                "Entra device IDs",
                "Entra-device-ID-2",
                "managedDeviceIds",
                "manageDeviceId",
                "ManagedDeviceId (1)",
                "Device IDs",
                "Devise ID",
                "Device ID 2",
                "deprovisionReasons",
                "deprovisionReson",
                "deprovision reason 1",
                "deprovisi\u03bfnReason",
                "re\u0430son",
                "not before 2",
                "notBefor",
                "nobtefore",
                "requestIds",
                "reqeustId",
                "Request ID 1",
                "deviceHealthScriptIds",
                "Serial number \u2122",
                "\u2116 Serial number \u2116",
                "\u00aa serialNumber \u00ba",
                "\u02c6serialNumber\u02c6",
                "Serial number \u2161",
                "Device name \u00ae\u2122",
                "serial \u2122",
                "\u03a3ERIAL",
                "seria\u0142",
                "\ua731\u1d07\u0280\u026a\u1d00\u029f",
                "\ua4e2\ua4f0\ua4e3\ua4f2\ua4ee\ua4e1",
                "se\u16b1ial"
            })
    void aColumnThatIsNearlyOursRefusesTheFileAndNamesBoth(String name) throws Exception {
        String text = "managedDeviceId," + quoted(name) + "\n" + ID + ",5CD0000012\n";
        refused(
                text,
                "'" + Value.shown(name) + "' is nearly " + NearNames.near(name).orElseThrow(),
                "deprovision.columns.carried",
                "'managedDeviceId' as managedDeviceId");
        Content carried = read(text, TestRules.carrying(name.toUpperCase(Locale.ROOT)));
        assertThat(carried.accepted(0).expected().serialNumber()).isEmpty();
        assertThat(carried.said()).contains("carried along unread: '" + Value.shown(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serialNumber;deviceName",
                "deprovisionReason;serialNumber",
                "serialNumber;ticket",
                "ticket|serialNumber",
                "cost\uff0cserialNumbers",
                "colour\tserial number",
                "serialNumber\u3001colour"
            })
    void aHeaderWithMixedDelimitersRefusesTheFile(String names) {
        refused("managedDeviceId," + names + "\n" + ID + ",x\n", "'" + Value.shown(names) + "' has several names");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sn",
                "S/N",
                "user",
                "email",
                "name",
                "Name 2",
                "Series",
                "Serials",
                "ids",
                "ticket",
                "Model number",
                "Order Number",
                "Phone number",
                "Asset name",
                "Management name",
                "Display name",
                "Device type",
                "Device state",
                "Device OS",
                "UserId",
                "Requested by",
                "Requested for",
                "Request number",
                "reasons",
                "Serial number of the dock",
                "Old serial number",
                "ID \u2116",
                "Cost; currency",
                "Colour"
            })
    void whatIsAnotherColumnIsCarriedAlong(String name) throws Exception {
        Content content = read("managedDeviceId," + quoted(name) + "\n" + ID + ",x\n");
        assertThat(content.accepted(0).expected())
                .isEqualTo(read("id\n" + ID + "\n").accepted(0).expected());
        if (Column.named(name).isEmpty()) {
            assertThat(content.said()).contains("carried along unread: '" + name + "'");
        }
    }

    @Test
    void namesThatPeopleMightTakeForOursAreSaidFirstAmongMany() throws Exception {
        String many = IntStream.range(0, 40)
                .mapToObj(i -> "Extra" + (char) ('a' + i % 26) + i)
                .collect(Collectors.joining(","));
        assertThat(read("managedDeviceId," + many + ",sn,email\n" + ID + "\n").said())
                .contains("carried along unread: 'email', 'sn', 'Extraa0'")
                .contains("and 30 more");
    }

    @Test
    void aSettingReleasesNoColumnThatChecksADeviceInFull() throws Exception {
        RequestRules rules = TestRules.carrying("serialNumber", "deprovisionReason", "managedDeviceId");
        Request request = read("managedDeviceId,serialNumber,deprovisionReason\n" + ID + ",5CD1,lost\n", rules)
                .accepted(0);
        assertThat(request.expected().serialNumber()).contains("5CD1");
        assertThat(request.reason()).isEqualTo("lost");
        assertThat(request.address().managedDeviceId()).contains(ID);
    }

    @Test
    void spacesBeforeQuotesBelongToNoCell() throws Exception {
        Content content = read("\"managedDeviceId\", \"serialNumber\", \"deprovisionReason\"\n"
                + "\"" + ID + "\", \"5CD0000012\", \"lost, or\nstolen\"\n"
                + "\"" + ID + "\" , \"5CD0000012\" ,\t\"lost\" \n");
        assertThat(content.rows().get(0).cells()).containsExactly(ID, "5CD0000012", "lost, or\nstolen");
        assertThat(content.accepted(1).expected().serialNumber()).contains("5CD0000012");
        assertThat(content.accepted(1).reason()).isEqualTo("lost");
    }

    @Test
    void inAFileWithoutSuchAHeaderAQuoteBehindASpaceIsText() throws Exception {
        assertThat(read("id,note\n" + ID + ", \"best\" laptop\n").rows().get(0).cells())
                .containsExactly(ID, " \"best\" laptop");
    }

    /** The header and one row of what other programs write, a value for each column that matters. */
    private static String export(String header, Map<String, String> values) {
        return header + "\n"
                + Arrays.stream(header.split(",", -1))
                        .map(name -> values.getOrDefault(name.strip(), ""))
                        .collect(Collectors.joining(","))
                + "\n";
    }

    @Test
    void intunesOwnExportIsRead() throws Exception {
        String header =
                "Device ID,Device name,Enrollment date,Last check-in,Azure AD Device ID,OS version,Azure AD registered,"
                        + "EAS activation ID,Serial number,Manufacturer,Model,EAS activated,IMEI,Last EAS sync time,EAS reason,"
                        + "EAS status,Compliance grace period expiration,Security patch level,Wi-Fi MAC,MEID,Subscriber carrier,"
                        + "Total storage,Free storage,Management name,Category,UserId,Primary user UPN,Primary user email address,"
                        + "Primary user display name,WiFiIPv4Address,WiFiSubnetID,Compliance,Managed by,Ownership,Device state,"
                        + "Intune registered,Supervised,Encrypted,OS,SkuFamily,JoinType,Phone number,Jailbroken,ICCID,EthernetMAC,"
                        + "CellularTechnology,ProcessorArchitecture,EID,SubnetAddress,Device type,Enrollment profile name";
        Request request = read(export(
                        header,
                        Map.of(
                                "Device ID", ID,
                                "Device name", "CB-1",
                                "Serial number", "5CD1",
                                "Azure AD Device ID", "00000000-0000-0000-0000-000000000000",
                                "Primary user UPN", "None",
                                "UserId", "00000000-0000-0000-0000-000000000000")))
                .accepted(0);
        assertThat(request.address().managedDeviceId()).contains(ID);
        assertThat(request.expected().deviceName()).contains("CB-1");
        assertThat(request.expected().serialNumber()).contains("5CD1");
        assertThat(request.expected().azureADDeviceId()).isEmpty();
        assertThat(request.expected().userPrincipalName()).isEmpty();
    }

    @Test
    void whatPowerShellExportsOfIntuneIsRead() throws Exception {
        String header = "AadRegistered,AzureActiveDirectoryDeviceId,AzureAdDeviceId,AzureAdRegistered,ComplianceState,"
                + "DeviceCategoryDisplayName,DeviceEnrollmentType,DeviceName,DeviceType,EmailAddress,EnrolledDateTime,Id,"
                + "IsEncrypted,JoinType,LastSyncDateTime,ManagedDeviceName,ManagedDeviceOwnerType,ManagementAgent,Meid,"
                + "Model,OSVersion,OperatingSystem,PhoneNumber,SerialNumber,UserDisplayName,UserId,UserPrincipalName,Users";
        Request request = read(export(header, Map.of("Id", ID, "SerialNumber", "5CD1", "UserPrincipalName", "a@b.c")))
                .accepted(0);
        assertThat(request.address().managedDeviceId()).contains(ID);
        assertThat(request.expected().serialNumber()).contains("5CD1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deviceId,displayName,accountEnabled,operatingSystem,operatingSystemVersion,joinType,registeredOwners,"
                        + "userNames,mdmDisplayName,isCompliant,registrationTime,approximateLastSignInDateTime,"
                        + "isManaged,objectId,profileType,systemLabels,model",
                "AccountEnabled,AlternativeSecurityIds,ApproximateLastSignInDateTime,DeviceCategory,DeviceId,"
                        + "DeviceMetadata,DeviceOwnership,DeviceVersion,DisplayName,Id,IsCompliant,IsManaged,PhysicalIds,"
                        + "ProfileType,RegisteredOwners,TrustType",
                "DeletionTimestamp,ObjectId,ObjectType,AccountEnabled,DeviceId,DeviceOSType,DeviceOSVersion,"
                        + "DevicePhysicalIds,DeviceTrustType,DirSyncEnabled,DisplayName,IsCompliant,ProfileType"
            })
    void anExportOfEntrasNamesNoDeviceOfIntunesUnlessAnotherColumnDoes(String header) throws Exception {
        Map<String, String> values = Map.of("deviceId", ID, "DeviceId", ID, "Id", ID);
        refused(export(header, values), "Entra's id", "none names devices", "carried along unread");

        Content content = read(export(header + ",Serial number", Map.of("DeviceId", ID, "Serial number", "5CD1")));
        assertThat(content.accepted(0).address().isSearch()).isTrue();
        assertThat(content.remarks()).anyMatch(remark -> remark.contains("Entra's id"));
    }

    @Test
    void googlesOwnListIsReadByItsSerialNumbers() throws Exception {
        String header = "deviceId,activeTimeRanges.0.activeTime,annotatedAssetId,annotatedLocation,annotatedUser,"
                + "autoUpdateExpiration,bootMode,cpuInfo.0.model,deviceFiles.0.createTime,deviceLicenseType,dockMacAddress,"
                + "ethernetMacAddress,ethernetMacAddress0,etag,firmwareVersion,kind,lastEnrollmentTime,lastSync,macAddress,"
                + "manufactureDate,meid,model,notes,orderNumber,orgUnitId,orgUnitPath,osVersion,platformVersion,"
                + "recentUsers.0.email,recentUsers.0.type,serialNumber,status,supportEndDate,systemRamTotal,willAutoRenew";
        Content content = read(export(
                header,
                Map.of("deviceId", ID, "serialNumber", "5CD1", "orgUnitPath", "/Students", "status", "ACTIVE")));
        assertThat(content.accepted(0).address().isSearch()).isTrue();
        assertThat(content.accepted(0).expected().serialNumber()).contains("5CD1");
        assertThat(content.remarks())
                .filteredOn(remark -> remark.contains("Google's id"))
                .hasSize(1);
        refused("deviceId,orgUnitPath\n" + ID + ",/\n", "Google's id", "none names devices");
        assertThat(read("deviceId,serialNumber\n" + ID + ",5CD1\n")
                        .accepted(0)
                        .address()
                        .managedDeviceId())
                .contains(ID);
    }

    @Test
    void theListOfAnAssetManagerIsReadByItsSerialNumbers() throws Exception {
        Content content = read("""
                ID,Asset Name,Asset Tag,Serial,Model,Status,Checked Out,Location
                1042,CB-11,A-00011,5CD0000011,Chromebook 14,Deployed,,Room 1
                """);
        assertThat(content.accepted(0).expected().serialNumber()).contains("5CD0000011");
        assertThat(content.said())
                .contains("'ID' is the asset list's number beside Asset Tag", "'Serial' as serialNumber");

        String full =
                "ID,Company,Asset Name,Asset Tag,Model,Model No.,Category,Manufacturer,Serial,Purchased,Cost,Order"
                        + " Number,Supplier,Checked Out,Checked Out To,Type,Username,Employee No.,Location,Default Location,Status,"
                        + "Warranty,Warranty Expires,EOL,Notes,Last Audit,Next Audit Date,Created At,Updated At,Requestable,"
                        + "Request Counter,Checkout Date,Expected Checkin Date";
        assertThat(read(export(full, Map.of("ID", "7", "Serial", "5CD1")))
                        .accepted(0)
                        .address()
                        .isSearch())
                .isTrue();
        refused("ID,Asset Tag,Asset Name\n1,A-1,CB-1\n", "asset list's number", "none names devices");
    }

    @Test
    void theListOfATicketSystemIsReadByItsSerialNumbers() throws Exception {
        String header = "sys_id,name,asset_tag,serial_number,model_id,manufacturer,assigned_to,assigned_to.email,"
                + "assignment_group,location,department,company,install_status,operational_status,os,os_version,ip_address,"
                + "mac_address,fqdn,host_name,sys_class_name,u_request_number,short_description,correlation_id,number,"
                + "request,requested_for,opened_by,sys_created_on,sys_updated_on,discovery_source,first_discovered";
        Request request = read(export(header, Map.of("name", "CB-1", "serial_number", "5CD1", "host_name", "CB-1")))
                .accepted(0);
        assertThat(request.expected().serialNumber()).contains("5CD1");
        assertThat(request.expected().deviceName()).contains("CB-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Serial Number,Device Name,Address,Tenant,Batch\n5CD1,CB-11,\"1 School Lane, Anytown\",default,2022-03\n",
                "Serial Number,Address\n5CD1,\n5CD2,1 School Lane\n5CD3,2 School Lane\n"
            })
    void aStreetIsNoAddressOfOursAndTheFileIsToldSoOnce(String text) {
        refused(text, "'Address' would be read as address", "1 School Lane", "deprovision.columns.carried");
    }

    @Test
    void aDomainIsNoTenantOfOursAndANumberNoIdAndTheFileIsToldSoOnce() throws Exception {
        String domain = "Serial Number,Device Name,Tenant\n5CD1,CB-11,school.onmicrosoft.com\n";
        refused(domain, "'Tenant' would be read as tenant", "school.onmicrosoft.com");
        String number = "ID,Serial Number\n1042,5CD1\n1043,5CD2\n";
        refused(number, "'ID' would be read as managedDeviceId", "'1042'");

        assertThat(read(domain, TestRules.carrying("Tenant")).accepted(0).tenant())
                .isEqualTo("default");
        assertThat(read(number, TestRules.carrying("ID")).accepted(1).expected().serialNumber())
                .contains("5CD2");
    }

    @Test
    void oneRowThatIsOursMakesTheOthersMistakes() throws Exception {
        Content content = read("id,tenant,address\n" + ID + ",default,\n" + ID + ",defualt,\n" + ID
                + ",,comanagedDevices\n" + ID + ",,Main Street\n");
        assertThat(content.rows())
                .extracting(row -> row instanceof Row.Accepted)
                .containsExactly(true, false, true, false);
    }

    @Test
    void aResultsFileComingBackIsNotNearItself() throws Exception {
        String added = String.join(",", Layout.RESULT_COLUMNS);
        Content content = read("managedDeviceId,serialNumber," + added + ",raw\n" + ID + ",5CD1\n");
        assertThat(content.accepted(0).expected().serialNumber()).contains("5CD1");
        assertThat(content.said()).doesNotContain("outcome");
    }

    @Test
    void noNameOfOursIsNearAnother() {
        assertThat(Column.names().keySet())
                .allSatisfy(name -> assertThat(NearNames.near(name)).isEmpty());
        assertThat(Set.copyOf(Layout.RESULT_COLUMNS))
                .allSatisfy(name -> assertThat(NearNames.near(name)).isEmpty());
    }
}
