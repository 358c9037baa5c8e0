package org.deprovisioner.guard;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectedDevicesTest extends LedgerFixture {

    private static final Device DEVICE = new Device(
            "3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940",
            "Kiosk-Hall-7",
            "5CD123",
            "ChromeOS",
            "head@school.example",
            "a0000000-0000-4000-8000-00000000000a",
            Optional.empty(),
            List.of());

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id\n3F9D6A4E-6C1B-4B57-9D0A-5F2C7E81B940\n",
                "id\n{3F9D6A4E-6C1B-4B57-9D0A-5F2C7E81B940}\n",
                "id\n(3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940)\n",
                "id\n3f9d6a4e6c1b4b579d0a5f2c7e81b940\n",
                "id\n\"\u201c3f9d6a4e\u20116c1b\u20134b57\u22129d0a\u20105f2c7e81b940\u201d\"\n",
                "id\n'3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940'\n",
                "id\n\u00a03f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940\u200b\n",
                "id\n3f9d6a4e-*\n",
                "Intune Device ID;Remark\n{3F9D6A4E-6C1B-4B57-9D0A-5F2C7E81B940};the head's\n",
                "Entra device ID\n{A0000000-0000-4000-8000-00000000000A}\n",
                "serialNumber\n  5cd123  \n",
                "serialNumber\n'5CD123\n",
                "deviceName\nkiosk-*\n",
                "deviceName\nKIOSK\u2011hall\u22127\n",
                "userPrincipalName\n*@SCHOOL.example\n",
                "# ours\nid,serialNumber\n,5CD999\n,5CD123\n",
                "sep=;\nid;serialNumber\n;5CD123\n",
                "\uFEFFid;Serial Number\r\n;5cd123\r\n",
                "Device ID\tserial_number\n\t5CD123\n",
                "serialNumber\n\u00a05CD123\u200b\u00a0\n",
                "Device ID,Device name,Azure AD Device ID,Primary user UPN\n3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940,X,00000000-0000-0000-0000-000000000000,None\n"
            })
    void aDeviceIsProtectedByAnyColumnInEveryFormInWhichARequestMayBeWritten(String list) throws Exception {
        ProtectedDevices devices = protectedBy(list);
        assertThat(devices.broken()).isEmpty();
        assertThat(devices.refuse(DEVICE))
                .hasValueSatisfying(finding -> assertThat(finding.outcome()).isEqualTo(Outcome.REFUSED_BY_GUARD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,serialNumber\n",
                "serialNumber\n5CD12\n",
                "deviceName\nKiosk.Hall.7\n",
                "deviceName\nKiosk-Hall7\n",
                "serialNumber,id\n , \n,,\n\"\",\"\"\n"
            })
    void nothingElseIsProtected(String list) throws Exception {
        ProtectedDevices devices = protectedBy(list);
        assertThat(devices.broken()).isEmpty();
        assertThat(devices.refuse(DEVICE)).isEmpty();
    }

    static List<Arguments> sameToAPerson() {
        return List.of(
                arguments("composed and decomposed", "M\u00fcller-Kiosk", "Mu\u0308ller-Kiosk"),
                arguments("a no-break space", "Kiosk Hall 7", "Kiosk\u00a0Hall\u202f7"),
                arguments("two spaces, a tab and an ideographic one", "Kiosk Hall 7", "Kiosk  Hall\t\u30007"),
                arguments("a curly apostrophe", "Head's Book", "Head\u2019s Book"),
                arguments("an acute accent for an apostrophe", "Head's Book", "Head\u00b4s Book"),
                arguments("a prime for an apostrophe", "Head's Book", "Head\u2032s Book"),
                arguments("double quotes of two kinds", "The \"Big\" One", "The \u201eBig\u201c One"),
                arguments("a non-breaking hyphen", "Kiosk-7", "Kiosk\u20117"),
                arguments("a minus and a dash", "Kiosk-7-8", "Kiosk\u22127\u20138"),
                arguments("sharp s", "Hauptstra\u00dfe 1", "HAUPTSTRASSE 1"),
                arguments("capital sharp s", "Hauptstra\u00dfe 1", "HAUPTSTRA\u1e9eE 1"),
                arguments("fullwidth letters", "KIOSK7", "\uff2b\uff29\uff2f\uff33\uff2b\uff17"),
                arguments("a ligature", "office", "o\ufb03ce"),
                arguments("a soft hyphen and a joiner", "Kiosk7", "Ki\u00ados\u200dk7"),
                arguments("a final sigma", "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sameToAPerson")
    void whatAPersonTakesForTheSameIsTheSame(String kind, String one, String other) throws Exception {
        assertThat(protectedBy("deviceName\n" + quoted(one) + "\n").refuse(device(other, "S", "")))
                .as(kind)
                .isPresent();
        assertThat(protectedBy("deviceName,id\n" + quoted(other) + "\n").refuse(device(one, "S", "")))
                .as(kind + ", the other way round")
                .isPresent();
        assertThat(protectedBy("deviceName\n" + quoted("*" + other + "*") + "\n")
                        .refuse(device("x" + one + "y", "S", "")))
                .as(kind + ", as a pattern")
                .isPresent();
    }

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serialNumber~1.23457E+14|line 2|1.23457E+14|a spreadsheet has rounded",
                "serialNumber~1,23457E+14|line 2|1,23457E+14|a spreadsheet has rounded",
                "id,serialNumber~,5CD123~#N/A,|line 3|#N/A|a spreadsheet's error",
                "id,serialNumber~,########|line 2|########|says nothing of a device",
                "serialNumber~5CD123~*|line 3|*|says nothing",
                "id~**|line 2|**|says nothing",
                "userPrincipalName~ - |line 2|userPrincipalName|says nothing",
                "id~3f9d6a4e-6c1b-4b57|line 2|3f9d6a4e-6c1b-4b57|not a whole id",
                "id~5CD123|line 2|5CD123|not a whole id",
                "id~not-*|line 2|not-*|not a whole id",
                "userPrincipalName~head|line 2|head|not a user principal name",
                "deviceName~M?ller|line 2|M?ller|letter that they do not know",
                "deviceName~Kiosk%|line 2|Kiosk%|holds a %",
                "serialNumber~=\"5CD123\"|line 2|5CD123|is a formula",
                "id,Remark~,the head's|line 2|nothing stands|in a column that protects",
                "id~,5CD123|line 2|5CD123|beyond the last column",
                "serialNumber~\"5CD123|line 2|a quote is opened|never closed",
                "sn;name~X;Y|sn;name|names none of the columns|serialNumber",
                "id;Serial Numbr~;5CD123|Serial Numbr|is nearly serialNumber|protect nothing",
                "id;serialNumber2~;5CD123|serialNumber2|is nearly serialNumber|protect nothing"
            })
    void whatCannotBeARuleStopsEveryCallAndIsNamed(String list, String where, String what, String why)
            throws Exception {
        String text = (list.contains("1,2") ? list.replace("~1,2", "~\"1,2").replace("+14", "+14\"") : list)
                .replace('~', '\n');
        ProtectedDevices devices = protectedBy(text + "\n");
        assertThat(devices.broken())
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("protected.csv cannot be used, so nothing is sent", where, what, why));
        assertThat(ProtectedDevices.flaw(file())).isEqualTo(devices.broken());
    }

    @Test
    void severalFlawsAreCountedAndAllRulesHoldOnceTheyAreMended() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\n5CD123\n");
        assertThat(devices.broken()).isEmpty();
        write("serialNumber\n*\n#N/A\n1E+5\n5CD123\n");
        assertThat(devices.broken()).hasValueSatisfying(why -> assertThat(why).contains("line 2", "and 2 more lines"));
        assertThat(devices.refuse(DEVICE)).isPresent();
        write("serialNumber\n5CD123\n");
        assertThat(devices.broken()).isEmpty();
        assertThat(devices.refuse(DEVICE)).isPresent();
    }

    @Test
    void aListAsExcelSavesItProtects() throws Exception {
        String unicodeText = "\ufeffid\tserialNumber\r\n\t5CD123\r\n";
        assertThat(protectedBy(unicodeText.getBytes(UTF_16LE)).refuse(DEVICE)).isPresent();
        assertThat(protectedBy(unicodeText.getBytes(UTF_16BE)).refuse(DEVICE)).isPresent();
        assertThat(protectedBy(unicodeText.replace('\t', ';')).refuse(DEVICE)).isPresent();
    }

    @Test
    void theListIsReadAgainWhenItChanges() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nX\n");
        assertThat(devices.refuse(DEVICE)).isEmpty();
        write("serialNumber\nX\n5CD123\n");
        assertThat(devices.refuse(DEVICE)).isPresent();
    }

    @Test
    void anEmptyFileIsBrokenForItMayBeBeingWritten() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\n5CD123\n");
        assertThat(devices.broken()).isEmpty();
        for (String content : new String[] {"", "\n", "# only a remark\n"}) {
            write(content);
            assertThat(devices.broken()).as(content).isPresent();
            assertThat(devices.refuse(DEVICE)).isPresent();
            clock.pass(MINUTE);
            assertThat(devices.broken()).as("no time makes it a list").isPresent();
        }
    }

    @Test
    void aListThatIsWrittenAnewWithAPauseProtectsTheDevicesOfBeforeAllTheTime() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nS1\nS2\nS3\n");
        assertThat(protectedOf(devices, "S1", "S2", "S3", "S4")).containsExactly("S1", "S2", "S3");
        for (String part :
                new String[] {"serialNumber\n", "serialNumber\nS4", "serialNumber\nS4\nS", "serialNumber\nS4\nS1\n"}) {
            write(part);
            assertThat(protectedOf(devices, "S1", "S2", "S3")).as(part).containsExactly("S1", "S2", "S3");
            clock.pass(Duration.ofSeconds(55));
            assertThat(protectedOf(devices, "S1", "S2", "S3")).as(part).containsExactly("S1", "S2", "S3");
            assertThat(devices.waiting())
                    .hasValueSatisfying(why -> assertThat(why)
                            .contains("may still be being written", "until it has stood still for a minute"));
        }
        clock.pass(Duration.ofSeconds(5));
        assertThat(protectedOf(devices, "S1", "S2", "S3", "S4")).containsExactly("S1", "S4");
        assertThat(devices.waiting()).isEmpty();
        assertThat(devices.broken()).isEmpty();
    }

    @Test
    void aListThatIsWholeAgainHoldsAtOnce() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nS1\nS2\n");
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
        write("serialNumber\nS1\n");
        assertThat(devices.waiting())
                .hasValueSatisfying(why -> assertThat(why).contains("serialNumber 'S2' is missing"));
        write("serialNumber\nS1\nS2\nS3\n");
        assertThat(devices.waiting()).isEmpty();
        assertThat(protectedOf(devices, "S1", "S2", "S3")).hasSize(3);
    }

    @Test
    void aCopyThatBringsItsOldTimeAlongIsWaitedForAsWell() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nS1\nS2\n");
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
        Path copy = Files.writeString(data.resolve("copy"), "serialNumber\nS1\n");
        Files.setLastModifiedTime(copy, FileTime.from(clock.instant().minus(Duration.ofDays(30))));
        Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
        clock.pass(MINUTE);
        assertThat(protectedOf(devices, "S1", "S2")).containsExactly("S1");
    }

    @Test
    void aListThatIsTakenAwayAndPutBackKeepsItsRules() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nS1\nS2\n");
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
        Files.delete(file());
        assertThat(devices.broken()).hasValueSatisfying(why -> assertThat(why).contains("it is not there"));
        write("serialNumber\nS2\n");
        assertThat(devices.broken()).isEmpty();
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
    }

    @Test
    void aListWithoutALastLineEndIsTakenOnceItHasStoodStill() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nX\n");
        assertThat(devices.waiting()).isEmpty();
        write("serialNumber\nX\n5CD123");
        assertThat(devices.refuse(DEVICE)).as("what is there protects at once").isPresent();
        assertThat(devices.waiting()).isPresent();
        clock.pass(MINUTE);
        assertThat(devices.waiting()).isEmpty();
        assertThat(devices.refuse(DEVICE)).isPresent();
    }

    @Test
    void aStartThatFindsAHalfWrittenListKeepsWhatTheLedgerKnows() throws Exception {
        assertThat(protectedOf(protectedBy("serialNumber\nS1\nS2\n"), "S1", "S2"))
                .hasSize(2);
        write("serialNumber\nS1\n");
        ProtectedDevices restarted = restarted(known -> known.rules().size() == 4);
        assertThat(protectedOf(restarted, "S1", "S2")).hasSize(2);
        assertThat(restarted.waiting()).isPresent();
        ProtectedDevices again = restarted(known -> !known.waiting().isEmpty());
        assertThat(protectedOf(again, "S1", "S2")).hasSize(2);
        clock.pass(MINUTE);
        assertThat(protectedOf(again, "S1", "S2")).containsExactly("S1");
        assertThat(protectedOf(restarted(known -> known.rules().size() == 2), "S1", "S2"))
                .containsExactly("S1");
    }

    @Test
    void aListThatWasShortenedLongBeforeTheStartHolds() throws Exception {
        assertThat(protectedOf(protectedBy("serialNumber\nS1\nS2\n"), "S1", "S2"))
                .hasSize(2);
        write("serialNumber\nS1\n");
        clock.pass(MINUTE);
        assertThat(protectedOf(restarted(known -> known.rules().size() == 4), "S1", "S2"))
                .containsExactly("S1");
    }

    @Test
    void theVeryFirstListIsNotBelievedBeforeItsLastLineEndsOrItHasStoodStill() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nS1");
        assertThat(devices.broken())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(
                                "ends in the middle of a line",
                                "Nothing is sent before it has stood still for a minute"));
        write("serialNumber\nS1\nS");
        assertThat(devices.broken()).isPresent();
        write("serialNumber\nS1\nS2\n");
        assertThat(devices.broken()).isEmpty();
        assertThat(protectedOf(devices, "S1", "S2")).hasSize(2);
        Files.delete(file());
        write("serialNumber\nS1");
        clock.pass(MINUTE);
        assertThat(devices.broken()).isEmpty();
    }

    private static List<String> protectedOf(ProtectedDevices devices, String... serialNumbers) {
        return Stream.of(serialNumbers)
                .filter(serialNumber ->
                        devices.refuse(device("N", serialNumber, "")).isPresent())
                .toList();
    }

    @Test
    void aListAsOldWindowsProgramsWriteItProtectsNamesWithUmlauts() throws Exception {
        Path file = data.resolve("protected.csv");
        Files.write(file, "deviceName\nM\u00fcller-Kiosk\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Device kiosk = new Device("x", "M\u00dcLLER-KIOSK", "", "ChromeOS", "", "", Optional.empty(), List.of());
        assertThat(read().refuse(kiosk)).isPresent();
    }

    private ProtectedDevices protectedBy(String list) throws Exception {
        return protectedBy(list.getBytes(UTF_8));
    }

    private ProtectedDevices protectedBy(byte[] list) throws Exception {
        write(list);
        return read();
    }

    private ProtectedDevices read() {
        return new ProtectedDevices(file(), ledger.protectedLists(), clock, clock::nanoTime);
    }

    private Path file() {
        return data.resolve("protected.csv");
    }

    /** Puts the list there, written just now. */
    private void write(String list) throws Exception {
        write(list.getBytes(UTF_8));
    }

    private void write(byte[] list) throws Exception {
        Files.write(file(), list);
        Files.setLastModifiedTime(file(), FileTime.from(clock.instant()));
    }

    /** A restart that finds in the ledger what was kept there. */
    private ProtectedDevices restarted(Predicate<ProtectedLists.KeptList> kept) {
        await().until(
                        () -> ledger.protectedLists().of(file()),
                        known -> known.filter(kept).isPresent());
        return read();
    }

    private static Device device(String name, String serialNumber, String user) {
        return new Device(DEVICE.id(), name, serialNumber, "ChromeOS", user, "", Optional.empty(), List.of());
    }
}
