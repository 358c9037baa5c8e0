/** The commands. */
@NullMarked
package org.deprovisioner.cli;

import org.jspecify.annotations.NullMarked;
