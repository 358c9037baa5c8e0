/** The embedded message broker and the connection to it or to an outside one. */
@NullMarked
package org.deprovisioner.broker;

import org.jspecify.annotations.NullMarked;
