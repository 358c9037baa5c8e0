package org.deprovisioner.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PopulationTest {

    private final Population million = new Population(1_000_000);

    @Test
    void the_same_seed_gives_the_same_devices_and_another_seed_gives_others() {
        assertThat(new Population(10).devices())
                .containsExactlyElementsOf(new Population(10).devices().toList());
        assertThat(new Population(10, 2).device(3).id())
                .isNotEqualTo(new Population(10).device(3).id());
    }

    @Test
    void every_device_of_a_million_is_found_by_each_of_its_keys() {
        for (int index = 0; index < million.size(); index += 997) {
            ManagedDevice device = million.device(index);

            assertThat(million.find(device.id().toUpperCase(Locale.ROOT))).contains(device);
            assertThat(million.matching(
                            Population.Key.SERIAL_NUMBER, device.serialNumber().toLowerCase(Locale.ROOT)))
                    .containsExactly(device);
            assertThat(million.matching(Population.Key.DEVICE_NAME, device.deviceName()))
                    .containsExactly(device);
            assertThat(million.matching(Population.Key.ENTRA_ID, device.azureADDeviceId()))
                    .containsExactly(device);
            assertThat(million.matching(Population.Key.USER, device.userPrincipalName()))
                    .contains(device);
        }
    }

    @Test
    void no_two_devices_share_an_id_or_a_serial_number() {
        Set<String> seen = new HashSet<>();

        new Population(20_000).devices().forEach(device -> {
            assertThat(seen.add(device.id())).isTrue();
            assertThat(seen.add(device.azureADDeviceId())).isTrue();
            assertThat(seen.add(device.serialNumber())).isTrue();
        });
    }

    @Test
    void most_devices_run_ChromeOS_and_some_do_not() {
        List<String> systems =
                million.page(0, 10_000).map(ManagedDevice::operatingSystem).toList();

        assertThat(systems).contains("ChromeOS", "Chrome OS", "Windows", "iOS");
        assertThat(systems.stream().filter("ChromeOS"::equals).count()).isBetween(7_500L, 8_500L);
    }

    @Test
    void an_Entra_id_finds_nothing_where_an_Intune_id_is_asked_for() {
        assertThat(million.find(million.device(5).azureADDeviceId())).isEmpty();
    }

    @Test
    void some_users_have_two_devices() {
        assertThat(million.matching(Population.Key.USER, "User0000018@school.example"))
                .extracting(ManagedDevice::deviceName)
                .hasSize(2);
    }

    @Test
    void a_device_that_was_removed_is_gone_until_it_is_added_anew() {
        Population fleet = new Population(3);
        ManagedDevice device = fleet.device(1);

        fleet.remove(device.id());

        assertThat(fleet.find(device.id())).isEmpty();
        assertThat(fleet.matching(Population.Key.SERIAL_NUMBER, device.serialNumber()))
                .isEmpty();
        assertThat(fleet.devices()).hasSize(2);

        fleet.add(device);

        assertThat(fleet.find(device.id())).contains(device);
        assertThat(fleet.devices()).hasSize(3);
    }

    @Test
    void executions_are_counted_per_device() {
        Population fleet = new Population(3);
        String id = fleet.device(0).id();

        assertThat(fleet.deprovision(id, Instant.EPOCH)).isEqualTo(1);
        assertThat(fleet.deprovision(id, Instant.EPOCH.plusSeconds(1))).isEqualTo(2);
        assertThat(fleet.executions(id)).containsExactly(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        assertThat(fleet.executions(fleet.device(1).id())).isEmpty();
    }
}
