/** The audit log: who did what to which device, in lines chained to one another, and the proof that none was touched. */
@NullMarked
package org.deprovisioner.audit;

import org.jspecify.annotations.NullMarked;
