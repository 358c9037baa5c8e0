/** Secrets that lie in a vault. */
@NullMarked
package org.deprovisioner.vault;

import org.jspecify.annotations.NullMarked;
