package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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

    private static ReadResult.Listed page(String next, Device... devices) {
        return new ReadResult.Listed(List.of(devices), 0, Optional.of(next).filter(link -> !link.isEmpty()));
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
        String query = serial(value).next().orElseThrow().query();
        assertThat(query).matches("\\$filter=[A-Za-z0-9%._-]+&\\$top=11&\\$select=[A-Za-z0-9,]+");
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
        assertThat(first.next().map(Pages::query)).contains("$skiptoken=2");
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
        assertThatThrownBy(() -> serial("5CD1").with(page(link), BASE)).isInstanceOf(UnusableListException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ada@graph.example/beta/deviceManagement/managedDevices?$skiptoken=2",
                "https://graph.example:8443/beta/deviceManagement/managedDevices?$skiptoken=2",
                "https://graph.example/beta/deviceManagement/managedDevices?$skiptoken=2#x",
                "https://graph.example/beta/deviceManagement/managedDevices/../users?$skiptoken=2",
                "https://graph.example/beta/deviceManagement/managedDevices",
                "https://graph.example/beta/deviceManagement/managedDevices?a\r\nERROR all is lost",
                "https://graph.example/beta/deviceManagement/managedDevices?a\u2028b",
                "https://graph.example/beta/deviceManagement/managedDevices?%zz",
                "https:opaque",
                "::"
            })
    void aNextPageWithAnAddressOfAnotherKindIsNotReadAndItsTextIsNotRepeated(String link) {
        assertThatThrownBy(() -> serial("5CD1").with(page(link), BASE))
                .isInstanceOf(UnusableListException.class)
                .message()
                .doesNotContain("lost", "ada", "\n", "\r");
    }

    @ParameterizedTest
    @CsvSource({
        "https://GRAPH.example:443/beta/deviceManagement/managedDevices?$skiptoken=a|b c,$skiptoken=a%7Cb%20c",
        "https://graph.example/beta/devicemanagement/manageddevices?$skiptoken=%27a%27,$skiptoken=%27a%27"
    })
    void aNextPageMayBeWrittenOtherwise(String link, String query) throws Exception {
        assertThat(serial("5CD1").with(page(link), BASE).next().map(Pages::query))
                .contains(query);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void pagesInACircleAreNotReadForEver(int length) {
        assertThat(pagesRead(page -> NEXT + page % length)).isLessThan(4 * length + 4);
    }

    @Test
    void aListWithoutAnEndIsReadSoFarAndNoFurther() {
        assertThat(pagesRead(page -> NEXT + page)).isEqualTo(Search.MOST_PAGES);
    }

    private static int pagesRead(IntFunction<String> next) {
        AtomicInteger pages = new AtomicInteger();
        assertThatThrownBy(() -> {
                    Search search = serial("5CD1");
                    while (pages.get() < 10_000) {
                        search = search.with(page(next.apply(pages.incrementAndGet())), BASE);
                    }
                })
                .isInstanceOf(UnusableListException.class);
        return pages.get();
    }

    @Test
    void nobodyReadsOnAfterTheEleventhDevice() throws Exception {
        Device[] many = IntStream.range(0, 11)
                .mapToObj(number -> device(number, "5CD1", "a"))
                .toArray(Device[]::new);
        assertThat(serial("5CD1").with(page(NEXT, many), BASE))
                .satisfies(search -> assertThat(search.isComplete()).isTrue())
                .satisfies(search -> assertThat(search.foundEnough()).isTrue());
        Expected another =
                new Expected(Optional.empty(), Optional.of("a"), Optional.of("bob@example.org"), Optional.empty());
        assertThat(Search.of(another).with(page(NEXT, many), BASE).isComplete())
                .as("those of another user are none of them")
                .isFalse();
    }

    @Test
    void onlyThoseAgreeThatAreAsTheRowSaysInEveryColumn() throws Exception {
        Search search = Search.of(
                        new Expected(Optional.of("5CD1"), Optional.of(" cb-1"), Optional.empty(), Optional.empty()))
                .with(page("", device(1, "5CD1", "CB-1"), device(2, "5CD1", "CB-12")), BASE);
        assertThat(search.agreeing()).extracting(Device::deviceName).containsExactly("CB-1");
    }
}
