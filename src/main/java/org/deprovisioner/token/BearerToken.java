package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** An access token for Graph and the instant at which it ends. It masks itself wherever it is printed. */
public record BearerToken(String value, Instant expires) {

    /**
     * What stands in it, such as {@code roles}, {@code scp} and {@code tid} (Entra's page "Access token claims reference").
     * Empty when it cannot be read: Graph alone must be able to.
     */
    public Optional<JsonNode> claims() {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
            return Optional.of(JsonMapper.builder().build().readTree(payload));
        } catch (IllegalArgumentException | JsonProcessingException strange) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "BearerToken[********, expires=" + expires + "]";
    }
}
