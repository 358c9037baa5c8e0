package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.deprovisioner.graph.RawServer;

/** What Entra answers where a person signs in by device code. */
public final class PersonsAnswers {

    static final String TENANT_ID = "11111111-2222-4333-8444-555555555555";

    private PersonsAnswers() {}

    /** A code to be typed in. */
    public static String deviceCode() {
        return RawServer.json(
                200,
                "{\"device_code\":\"device-1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://example.com\","
                        + "\"expires_in\":900,\"interval\":0,\"message\":\"Type ABCD-EFGH\"}");
    }

    /** The tokens of jane@example.com. */
    public static String signedIn(String token, String refresh) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String idToken = base64.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(("{\"oid\":\"jane\",\"sub\":\"jane\",\"tid\":\"" + TENANT_ID
                                + "\",\"preferred_username\":\"jane@example.com\"}")
                        .getBytes(UTF_8))
                + ".";
        String info = base64.encodeToString(("{\"uid\":\"jane\",\"utid\":\"" + TENANT_ID + "\"}").getBytes(UTF_8));
        return RawServer.json(
                200,
                ("{\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"https://graph.microsoft.com/.default\","
                                + "\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"id_token\":\"%s\",\"client_info\":\"%s\"}")
                        .formatted(token, refresh, idToken, info));
    }
}
