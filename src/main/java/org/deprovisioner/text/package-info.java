/** Text from outside, made fit to be shown, and its digest. */
@NullMarked
package org.deprovisioner.text;

import org.jspecify.annotations.NullMarked;
