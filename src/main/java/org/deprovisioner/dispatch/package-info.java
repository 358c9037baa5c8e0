/** How requests leave the ledger towards Graph: lease, resolve, begin and settle. */
@NullMarked
package org.deprovisioner.dispatch;

import org.jspecify.annotations.NullMarked;
