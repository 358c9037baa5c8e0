package org.deprovisioner.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.AuditEntries.Entry;
import org.deprovisioner.text.Sha256;

/**
 * A line of the log in its place in the chain. Its hash is the SHA-256 of the line without the hash, and so of
 * {@code previous}, the hash of the line before it.
 *
 * @param text the whole line; ASCII, for whatever else a cell holds is escaped
 */
record ChainedLine(long number, String previous, String hash, String text, JsonNode told) {

    /** What stands for the line before the first one. */
    static final String NONE = "0".repeat(64);

    private static final Pattern HASH = Pattern.compile(",\"hash\":\"([0-9a-f]{64})\"}$");
    private static final JsonFactory ASCII =
            new JsonFactoryBuilder().highestNonEscapedChar(127).build();
    private static final ObjectMapper JSON = JsonMapper.builder(ASCII).build();

    /** A line that is to be written: its number, its hash and its text. */
    record Next(long number, String hash, String text) {}

    /** The line of an entry that follows another one. */
    static Next after(long number, String hash, Entry entry) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("number", number + 1);
        line.put("entry", entry.id());
        line.put("atUtc", entry.at().toString());
        line.putAll(entry.fields());
        line.put("previous", hash);
        try {
            // DEL is the one control character that ASCII leaves as it is
            String told = JSON.writeValueAsString(line).replace("\u007f", "\\u007f");
            String own = Sha256.of(told);
            return new Next(number + 1, own, told.substring(0, told.length() - 1) + ",\"hash\":\"" + own + "\"}");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Reads a line; empty when it is not as it was written. */
    static Optional<ChainedLine> read(String text) {
        Matcher hash = HASH.matcher(text);
        if (!hash.find()) {
            return Optional.empty();
        }
        String told = text.substring(0, hash.start()) + "}";
        if (!Sha256.of(told).equals(hash.group(1))) {
            return Optional.empty();
        }
        try {
            JsonNode line = JSON.readTree(told);
            return Optional.of(new ChainedLine(
                    line.path("number").asLong(), line.path("previous").asText(), hash.group(1), text, line));
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
    }

    /** What an entry is known again by: its number in the ledger alone would not do once a backup was put back. */
    static String key(JsonNode told) {
        return told.path("entry").asText() + " " + told.path("atUtc").asText();
    }

    static String key(Entry entry) {
        return entry.id() + " " + entry.at();
    }
}
