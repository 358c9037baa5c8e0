/** What {@code doctor} looks at: each check says what it found, and what to do about it. Nothing here acts on a device. */
@NullMarked
package org.deprovisioner.doctor;

import org.jspecify.annotations.NullMarked;
