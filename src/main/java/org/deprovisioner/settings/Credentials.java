package org.deprovisioner.settings;

/** What is made of the credentials while the settings are read. */
enum Credentials {
    /** Nothing: tenants have names and quotas, and empty credentials. */
    NOT_LOOKED_AT,
    /** They must be there; those that lie in a vault are not read. */
    REFERRED_TO,
    /** They must be there, and those that lie in a vault are read once. */
    READ
}
