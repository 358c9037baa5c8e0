/** The rules that hold or refuse requests before anything is sent, and the brakes. */
@NullMarked
package org.deprovisioner.guard;

import org.jspecify.annotations.NullMarked;
