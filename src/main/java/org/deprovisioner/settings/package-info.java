/** The settings of the program, read and checked as a whole before anything starts. */
@NullMarked
package org.deprovisioner.settings;

import org.jspecify.annotations.NullMarked;
