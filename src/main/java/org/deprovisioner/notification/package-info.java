/** What people are told without looking: notices of the ledger, put in words, and the ways by which they leave. */
@NullMarked
package org.deprovisioner.notification;

import org.jspecify.annotations.NullMarked;
