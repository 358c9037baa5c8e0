/** Where things stand, as records: what commands print, and what {@code --json} writes. Nothing here prints. */
@NullMarked
package org.deprovisioner.report;

import org.jspecify.annotations.NullMarked;
