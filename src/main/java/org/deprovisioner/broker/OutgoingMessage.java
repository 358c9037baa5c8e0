package org.deprovisioner.broker;

import java.util.Map;
import java.util.Optional;

/**
 * A reply or a dead letter.
 *
 * @param queue where it goes, as {@link ReplyQueues} writes it down
 * @param headers its properties
 * @param text its JSON object
 */
record OutgoingMessage(String queue, Optional<String> correlationId, Map<String, String> headers, String text) {}
