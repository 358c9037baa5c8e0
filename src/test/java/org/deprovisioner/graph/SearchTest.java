package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {

    private static final String BASE = "https://graph.example/beta";
    private static final String NEXT = BASE + "/deviceManagement/managedDevices?$skiptoken=2";

    private static Device device(int number, String serial, String name) {
        return new Device(
                "00000000-0000-0000-0000-%012d".formatted(number),
                name,
                serial,
                "ChromeOS",
                "ada@example.org",
                "",
                Optional.empty(),
                List.of());
    }

    private static Reading.Listed page(String next, Device... devices) {
        return new Reading.Listed(List.of(devices), Optional.of(next).filter(link -> !link.isEmpty()));
    }

    private static Search serial(String value) {
        return Search.of(Search.Property.SERIAL_NUMBER, value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"5CD1|serialNumber eq '5CD1'", "O'Hara & Söhne #1+2/?=|serialNumber eq 'O''Hara & Söhne #1+2/?='"})
    void aQuoteIsDoubledAndNothingOfTheValueIsTakenForTheUrl(String value, String filter) {
        String query = serial(value).next().orElseThrow();
        assertThat(query).matches("\\$filter=[A-Za-z0-9%._-]+&\\$select=[A-Za-z0-9,]+");
        assertThat(URLDecoder.decode(query.substring("$filter=".length(), query.indexOf('&')), StandardCharsets.UTF_8))
                .isEqualTo(filter);
    }

    @Test
    void aNameIsTheSameInComposedAndDecomposedForm() throws Exception {
        Search search = Search.of(Search.Property.DEVICE_NAME, "M\u00fcller")
                .with(page("", device(1, "5CD1", "mu\u0308ller"), device(2, "5CD2", "muller")), BASE);
        assertThat(search.found()).extracting(Device::serialNumber).containsExactly("5CD1");
    }

    @Test
    void theColumnThatTellsMostIsSearchedFor() {
        Expected all = new Expected(Optional.of("5CD1"), Optional.of("CB-1"), Optional.of("ada"), Optional.of("e"));
        Expected some = new Expected(Optional.empty(), Optional.of("CB-1"), Optional.of("ada"), Optional.empty());
        assertThat(Search.of(all).property()).isEqualTo(Search.Property.ENTRA_ID);
        assertThat(Search.of(some).property()).isEqualTo(Search.Property.DEVICE_NAME);
    }

    @Test
    void whatGraphListsIsFoundOnlyWhenTheWholeValueMatches() throws Exception {
        Search search = serial("5cd1")
                .with(page("", device(1, "5CD12", "a"), device(2, " 5CD1 ", "b"), device(3, "", "c")), BASE);
        assertThat(search.found()).extracting(Device::deviceName).containsExactly("b");
        assertThat(search.isComplete()).isTrue();
    }

    @Test
    void itGoesOnPageAfterPageEmptyOnesTooAndCountsNoDeviceTwice() throws Exception {
        Search first = serial("5CD1").with(page(NEXT), BASE);
        assertThat(first.isComplete()).isFalse();
        assertThat(first.next()).contains("$skiptoken=2");
        Search last = first.with(page(NEXT + "0", device(1, "5CD1", "a"), device(2, "5CD1", "b")), BASE)
                .with(page("", device(1, "5CD1", "a")), BASE);
        assertThat(last.found()).extracting(Device::deviceName).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://graph.example.evil/beta/deviceManagement/managedDevices?$skiptoken=2",
                "https://evil/beta/deviceManagement/managedDevices?$skiptoken=2",
                "http://graph.example/beta/deviceManagement/managedDevices?$skiptoken=2",
                "https://graph.example/v1.0/deviceManagement/managedDevices?$skiptoken=2",
                "https://graph.example/beta/users?$skiptoken=2",
                "/beta/deviceManagement/managedDevices?$skiptoken=2"
            })
    void aListThatGoesOnElsewhereIsNotFollowed(String link) {
        assertThatThrownBy(() -> serial("5CD1").with(page(link), BASE)).isInstanceOf(Search.Strayed.class);
    }

    @Test
    void aPageThatNamesItselfAsTheNextIsNotFollowedForEver() throws Exception {
        Search second = serial("5CD1").with(page(NEXT), BASE);
        assertThatThrownBy(() -> second.with(page(NEXT), BASE)).isInstanceOf(Search.Strayed.class);
    }

    @Test
    void onlyThoseAgreeThatAreAsTheRowSaysInEveryColumn() throws Exception {
        Search search = serial("5CD1").with(page("", device(1, "5CD1", "CB-1"), device(2, "5CD1", "CB-12")), BASE);
        assertThat(search.agreeing(
                        new Expected(Optional.of("5CD1"), Optional.of(" cb-1"), Optional.empty(), Optional.empty())))
                .extracting(Device::deviceName)
                .containsExactly("CB-1");
    }
}
