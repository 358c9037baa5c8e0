/** The devices of the tenants as a file to work with: read from Graph page after page, filtered, and written as CSV. */
@NullMarked
package org.deprovisioner.listing;

import org.jspecify.annotations.NullMarked;
