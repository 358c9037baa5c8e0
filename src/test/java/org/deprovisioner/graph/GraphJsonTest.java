package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices, errors and waiting times as Graph writes them, and as it does not. */
class GraphJsonTest {

    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";

    @Test
    void aDeviceIsReadWithItsDeprovisionActionsOnly() {
        String json = """
                {"@odata.context":"x","id":"0A1B2C3D-0000-4000-8000-000000000001","deviceName":"CB-1",
                 "serialNumber":" 5CD1 ","operatingSystem":"ChromeOS","userPrincipalName":null,
                 "azureADDeviceId":"00000000-0000-0000-0000-000000000000",
                 "enrolledDateTime":"2025-08-01T07:00:00.1234567Z",
                 "deviceActionResults":[
                   {"actionName":"retire","actionState":"done","startDateTime":"2026-01-01T00:00:00Z"},
                   {"actionName":"deprovision","actionState":"pending","startDateTime":"2026-11-01T12:00:00+01:00"},
                   {"actionName":"Deprovision","actionState":"Done","startDateTime":"0001-01-01T00:00:00Z"},
                   {"actionState":null}]}
                """;

        assertThat(DeviceJson.reading(json))
                .contains(new ReadResult.Found(new Device(
                        ID,
                        "CB-1",
                        "5CD1",
                        "ChromeOS",
                        "",
                        "00000000-0000-0000-0000-000000000000",
                        Optional.of(Instant.parse("2025-08-01T07:00:00.1234567Z")),
                        List.of(
                                new Device.Action("pending", Optional.of(Instant.parse("2026-11-01T11:00:00Z"))),
                                new Device.Action("done", Optional.empty())))));
    }

    @Test
    void aPageOfDevicesNamesTheNext() {
        String json = "{\"value\":[{\"id\":\"" + ID + "\"}],\"@odata.nextLink\":\"https://g/next?$skiptoken=a%2Bb\"}";

        assertThat(DeviceJson.reading(json))
                .hasValueSatisfying(reading -> assertThat(reading)
                        .isInstanceOfSatisfying(ReadResult.Listed.class, page -> {
                            assertThat(page.devices()).extracting(Device::id).containsExactly(ID);
                            assertThat(page.next()).contains("https://g/next?$skiptoken=a%2Bb");
                        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "<html>",
                "{",
                "{}",
                "{\"id\":null}",
                "{\"id\":\"../../users\"}",
                "{\"id\":{\"a\":1}}",
                "{\"id\":\"{0a1b2c3d-0000-4000-8000-000000000001}\"}",
                "{\"value\":[],\"@odata.nextLink\":5}",
                "{\"value\":[],\"@odata.nextLink\":{}}"
            })
    void whatIsNoDeviceIsNothing(String json) {
        assertThat(DeviceJson.reading(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'operatingSystem':'Windows','operatingSystem':'ChromeOS'",
                ",'operatingSystem':'ChromeOS','operating\\u0053ystem':'ChromeOS'",
                ",'id':'0a1b2c3d-0000-4000-8000-000000000002'",
                ",'deviceActionResults':[{'actionName':'wipe','actionName':'deprovision'}]",
                ",'other':{'a':1,'a':2}",
                "}{'id':'0a1b2c3d-0000-4000-8000-000000000002'",
                ",'operatingSystem':5",
                ",'operatingSystem':true",
                ",'serialNumber':12345",
                ",'userPrincipalName':['ada']",
                ",'enrolledDateTime':1700000000",
                ",'deviceActionResults':{}",
                ",'deviceActionResults':'none'",
                ",'deviceActionResults':['deprovision']",
                ",'deviceActionResults':[{'actionName':10}]",
                ",'deviceActionResults':[{'actionName':'deprovision','actionState':4}]"
            })
    void aDeviceThatContradictsItselfOrIsOfAnotherFormIsNone(String fields) {
        String json = "{'id':'0a1b2c3d-0000-4000-8000-000000000001'" + fields + "}";

        assertThat(DeviceJson.reading(json.replace('\'', '"'))).isEmpty();
    }

    @Test
    void anElementWithoutAnIdIsCountedAndTakesNothingFromTheOthers() {
        String json = "{\"value\":[{\"id\":\"" + ID + "\"},{},7,{\"id\":\"" + ID + "\",\"operatingSystem\":5}]}";

        assertThat(DeviceJson.reading(json))
                .hasValueSatisfying(reading -> assertThat(reading)
                        .isInstanceOfSatisfying(ReadResult.Listed.class, page -> {
                            assertThat(page.devices()).extracting(Device::id).containsExactly(ID);
                            assertThat(page.unreadable()).isEqualTo(3);
                        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'code':'BadRequest','code':'NotFound'}}",
                "{'error':{'code':'BadRequest'},'error':{'code':'NotFound'}}",
                "{'error':{'code':'BadRequest'}} {}"
            })
    void anErrorThatContradictsItselfIsNoneOfGraph(String body) {
        assertThat(GraphError.in(body.replace('\'', '"'))).isEmpty();
    }

    @Test
    void ofAnErrorThatIntuneNestsTheInnermostMessageIsTaken() {
        String json = """
                {"error":{"code":"BadRequest","message":"{\\r\\n  \\"_version\\": 3,\\r\\n  \\"Message\\": \\"{\\\\\\"Message\\\\\\":\\\\\\"Device is not supported - Activity ID: 1\\\\\\"}\\",\\r\\n  \\"CustomApiErrorPhrase\\": \\"\\"}",
                 "innerError":{"date":"2026-11-24T10:00:00","request-id":"r-1","client-request-id":"c-1"}}}
                """;

        assertThat(GraphError.in(json))
                .contains(new GraphError("BadRequest", "Device is not supported - Activity ID: 1", "r-1", "c-1"));
    }

    @Test
    void aTokenThatAnErrorSaysBackIsMasked() {
        String json = "{\"error\":{\"code\":\"x\",\"message\":\"Bad: Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln\"}}";

        assertThat(GraphError.in(json)).map(GraphError::message).contains("Bad: Bearer ********");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "<html>",
                "{}",
                "{\"error\":\"x\"}",
                "{\"error\":{\"message\":\"x\"}}",
                "{\"error\":{\"code\":404,\"message\":\"x\"}}",
                "{\"error\":[]}"
            })
    void whatIsNoErrorOfGraphIsNone(String body) {
        assertThat(GraphError.in(body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|PT1S",
                "0.249|PT0.249S",
                "2.128|PT2.128S",
                " 20 |PT20S",
                "Tue, 24 Nov 2026 10:00:30 GMT|PT30S",
                "Tuesday, 24-Nov-26 10:00:30 GMT|PT30S",
                "3601|PT1H",
                "999999999|PT1H",
                "Tue, 24 Nov 2099 10:00:30 GMT|PT1H"
            })
    void aTimeToWaitIsUnderstood(String header, Duration expected) {
        assertThat(retryAfter(Map.of("Retry-After", header))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "soon",
                "NaN",
                "Infinity",
                "1d",
                "1e3",
                "1,5",
                "99999999999999999999",
                "Tue, 24 Nov 2026 09:59:00 GMT"
            })
    void nonsenseIsAsIfItWereAbsent(String header) {
        assertThat(retryAfter(Map.of("Retry-After", header))).isEmpty();
    }

    @Test
    void anInstantCountsFromTheServersOwnClock() {
        assertThat(retryAfter(Map.of(
                        "retry-after", "Tue, 24 Nov 2026 12:00:05 GMT", "date", "Tue, 24 Nov 2026 12:00:00 GMT")))
                .contains(Duration.ofSeconds(5));
    }

    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        return RetryAfter.of(Answers.http(429, "", headers));
    }
}
