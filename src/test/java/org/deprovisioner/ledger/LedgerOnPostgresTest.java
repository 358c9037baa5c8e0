package org.deprovisioner.ledger;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The ledger's tests, once more on PostgreSQL; but those that look into SQLite's own files. */
@Suite
@SelectPackages("org.deprovisioner.ledger")
@IncludeClassNamePatterns("(?!.*LedgerOnPostgresTest).*Test")
@ExcludeTags("sqlite")
@ConfigurationParameter(key = LedgerPlace.ON_POSTGRES, value = "yes")
class LedgerOnPostgresTest {}
