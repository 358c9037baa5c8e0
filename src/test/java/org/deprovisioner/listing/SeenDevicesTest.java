package org.deprovisioner.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each device is new once, however many there are. */
class SeenDevicesTest {

    private final SeenDevices seen = new SeenDevices();

    @Test
    void eachIsNewOnceAlsoWhenManyCame() {
        Random random = new Random(7);
        List<String> ids = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()).toString())
                .limit(50_000)
                .toList();
        assertThat(ids).allMatch(seen::add).noneMatch(seen::add);
    }

    @Test
    void idsThatDifferInOneNumberAloneAreNotTakenForEachOther() {
        Stream<String> counted = Stream.iterate(0L, number -> number + 1)
                .limit(10_000)
                .flatMap(number -> Stream.of(new UUID(number, 0), new UUID(0, number)))
                .map(UUID::toString)
                .distinct();
        assertThat(counted).allMatch(seen::add);
        assertThat(seen.add(new UUID(0, 0).toString())).isFalse();
    }
}
