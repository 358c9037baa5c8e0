/** The commands, and the service they start. */
@NullMarked
package org.deprovisioner.cli;

import org.jspecify.annotations.NullMarked;
