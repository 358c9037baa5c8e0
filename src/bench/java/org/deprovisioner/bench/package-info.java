/** The comparison of speed that {@code ./deprovision bench} makes; no part of the program. */
@NullMarked
package org.deprovisioner.bench;

import org.jspecify.annotations.NullMarked;
