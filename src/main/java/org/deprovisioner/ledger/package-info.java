/** The durable record of every request and every attempt: the one source of truth, and the queue dispatch works off. */
@NullMarked
package org.deprovisioner.ledger;

import org.jspecify.annotations.NullMarked;
