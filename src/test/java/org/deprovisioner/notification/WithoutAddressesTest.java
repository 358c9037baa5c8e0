package org.deprovisioner.notification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a client says of its fault, of an address its host alone is left. */
class WithoutAddressesTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = ';',
            value = {
                "HTTP operation failed invoking https://hooks.slack.com/services/T0/S3CRET with statusCode: 403;"
                        + "HTTP operation failed invoking hooks.slack.com with statusCode: 403",
                "no route to http://collector:8080/S3CRET;no route to collector",
                "no route to http://[::1]:8080/S3CRET;no route to [::1]",
                "no route to HTTPS://ada:S3CRET@hooks.example.com?sig=S3CRET;no route to hooks.example.com",
                "smtps:ada:S3CRET@mail.example.com:465 refuses;mail.example.com refuses",
                "java.net.ConnectException: Connection refused;Connection refused",
                "option password=S3CRET&to=ops is wrong;option password=…&to=ops is wrong",
                "it was late: 10:30;it was late: 10:30",
            })
    void hostsAloneAreLeft(String fault, String told) {
        assertThat(WithoutAddresses.of(fault)).isEqualTo(told);
    }
}
