package org.deprovisioner.broker;

import java.util.Optional;

/**
 * A message as it was handed over, without anything of JMS.
 *
 * @param id the broker's id of the message, empty when it has none
 * @param text its body, not yet parsed
 * @param user who sent it, as far as the broker tells
 * @param replyTo the queue that gets its outcomes, in the words of {@link ReplyQueues}
 * @param correlationId what its outcomes repeat
 */
public record HandedOver(
        String id, String text, String user, Optional<String> replyTo, Optional<String> correlationId) {}
