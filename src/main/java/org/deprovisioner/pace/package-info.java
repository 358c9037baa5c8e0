/** The tenant's quota: who may call Graph now. */
@NullMarked
package org.deprovisioner.pace;

import org.jspecify.annotations.NullMarked;
