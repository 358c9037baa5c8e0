/** Text from outside, made fit to be shown. */
@NullMarked
package org.deprovisioner.text;

import org.jspecify.annotations.NullMarked;
