/** What is said to Microsoft Graph, and what its answers mean. */
@NullMarked
package org.deprovisioner.graph;

import org.jspecify.annotations.NullMarked;
