/** OAuth tokens for Graph, acquired with MSAL4J and held by one small source. */
@NullMarked
package org.deprovisioner.token;

import org.jspecify.annotations.NullMarked;
