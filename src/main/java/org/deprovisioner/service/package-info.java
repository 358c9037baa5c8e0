/** The running service: what it is made of, that one at a time works on a data folder, and how it ends. */
@NullMarked
package org.deprovisioner.service;

import org.jspecify.annotations.NullMarked;
