package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectedDevicesTest {

    private static final Device DEVICE = new Device(
            "3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940",
            "Kiosk-Hall-7",
            "5CD123",
            "ChromeOS",
            "head@school.example",
            "",
            Optional.empty(),
            List.of());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id\n3F9D6A4E-6C1B-4B57-9D0A-5F2C7E81B940",
                "serialNumber\n  5cd123  ",
                "deviceName\nkiosk-*",
                "userPrincipalName\n*@SCHOOL.example",
                "# ours\nid,serialNumber\n,5CD999\n,5CD123",
                "\uFEFFid;Serial Number\r\n;5cd123\r\n",
                "Device ID\tserial_number\n\t5CD123",
                "serialNumber\n\u00a05CD123\u200b\u00a0"
            })
    void aDeviceIsProtectedByAnyColumnWithoutCaseAndSpaceAndByPattern(String list) throws Exception {
        assertThat(protectedBy(list).refuse(DEVICE))
                .hasValueSatisfying(finding -> assertThat(finding.outcome()).isEqualTo(Outcome.REFUSED_BY_GUARD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"id,serialNumber", "serialNumber\n5CD12", "deviceName\nKiosk.Hall.7", "serialNumber,id\n , "})
    void nothingElseIsProtected(String list) throws Exception {
        ProtectedDevices devices = protectedBy(list);
        assertThat(devices.broken()).isEmpty();
        assertThat(devices.refuse(DEVICE)).isEmpty();
    }

    @Test
    void theListIsReadAgainWhenItChanges() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\nX");
        assertThat(devices.refuse(DEVICE)).isEmpty();
        Files.writeString(folder.resolve("protected.csv"), "serialNumber\nX\n5CD123");
        assertThat(devices.refuse(DEVICE)).isPresent();
    }

    @Test
    void anEmptyFileIsBrokenForItMayBeBeingWritten() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\n5CD123");
        assertThat(devices.broken()).isEmpty();
        for (String content : new String[] {"", "\n", "# only a remark\n"}) {
            Files.writeString(folder.resolve("protected.csv"), content);
            assertThat(devices.broken()).as(content).isPresent();
            assertThat(devices.refuse(DEVICE)).isPresent();
        }
    }

    @Test
    void whileTheFileIsBeingWrittenTheRulesOfBeforeHoldToo() throws Exception {
        ProtectedDevices devices = protectedBy("serialNumber\n5CD123");
        assertThat(devices.refuse(DEVICE)).isPresent();
        Path file = Files.writeString(folder.resolve("protected.csv"), "serialNumber\nX");
        assertThat(devices.refuse(DEVICE)).isPresent();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(devices.refuse(DEVICE)).isEmpty();
        assertThat(devices.broken()).isEmpty();
    }

    @Test
    void aListAsOldWindowsProgramsWriteItProtectsNamesWithUmlauts() throws Exception {
        Path file = folder.resolve("protected.csv");
        Files.write(file, "deviceName\nM\u00fcller-Kiosk".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Device kiosk = new Device("x", "M\u00dcLLER-KIOSK", "", "ChromeOS", "", "", Optional.empty(), List.of());
        assertThat(new ProtectedDevices(file).refuse(kiosk)).isPresent();
    }

    @Test
    void aListWithAnUnknownColumnIsBrokenAndNamesIt() throws Exception {
        assertThat(protectedBy("serial\n5CD123").broken())
                .hasValueSatisfying(why -> assertThat(why).contains("'serial'"));
    }

    private ProtectedDevices protectedBy(String list) throws Exception {
        return new ProtectedDevices(Files.writeString(folder.resolve("protected.csv"), list));
    }
}
