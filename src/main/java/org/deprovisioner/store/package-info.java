/** A database that outlives crashes, one process that works on it and one thread that writes; it knows no request. */
@NullMarked
package org.deprovisioner.store;

import org.jspecify.annotations.NullMarked;
