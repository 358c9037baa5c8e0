package org.deprovisioner.broker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * A reply or a dead letter.
 *
 * @param queue where it goes, as {@link ReplyQueues} writes it down
 * @param headers its properties
 * @param body the fields of its JSON object
 */
record OutgoingMessage(
        String queue, Optional<String> correlationId, Map<String, String> headers, Map<String, String> body) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    String text() {
        ObjectNode object = JSON.createObjectNode();
        body.forEach(object::put);
        return object.toString();
    }
}
