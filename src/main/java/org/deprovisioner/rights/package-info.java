/** Who may read and write files: what we make for the service's user alone, and what nobody else may write. */
@NullMarked
package org.deprovisioner.rights;

import org.jspecify.annotations.NullMarked;
