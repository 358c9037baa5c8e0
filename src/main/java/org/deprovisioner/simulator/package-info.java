/**
 * A stand-in for Entra ID and Microsoft Graph to practise against: as strict as Graph, with managed devices, a quota, and
 * faults on demand. It shares no code with the program, so that neither can hide a mistake of the other.
 */
@NullMarked
package org.deprovisioner.simulator;

import org.jspecify.annotations.NullMarked;
