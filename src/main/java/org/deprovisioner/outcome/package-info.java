/** What leaves the ledger: results and dead-letter files, dead-letter messages and replies. */
@NullMarked
package org.deprovisioner.outcome;

import org.jspecify.annotations.NullMarked;
