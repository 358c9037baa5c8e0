/** How files and messages are taken into the ledger. */
@NullMarked
package org.deprovisioner.intake;

import org.jspecify.annotations.NullMarked;
