/** What a request is: the columns of a row or message, checked, and the address of the device in Graph. */
@NullMarked
package org.deprovisioner.request;

import org.jspecify.annotations.NullMarked;
