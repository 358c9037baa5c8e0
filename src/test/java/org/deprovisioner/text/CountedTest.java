package org.deprovisioner.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {

    @Test
    void oneIsNoPlural() {
        assertThat(Counted.of(1, "device")).isEqualTo("1 device");
        assertThat(Counted.of(0, "device")).isEqualTo("0 devices");
        assertThat(Counted.of(1_200, "device")).isEqualTo("1,200 devices");
        assertThat(Counted.of(1, "row waits", "rows wait")).isEqualTo("1 row waits");
        assertThat(Counted.of(2, "row waits", "rows wait")).isEqualTo("2 rows wait");
    }
}
