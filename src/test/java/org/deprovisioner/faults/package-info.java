/** Pulls the plug on the real program, again and again, and audits that nothing was lost and nothing done twice. */
package org.deprovisioner.faults;
