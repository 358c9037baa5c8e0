package org.deprovisioner.audit;

import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;

/** Wires the audit log into the routes. */
public final class AuditConfiguration implements CamelConfiguration {

    private final AuditLog log;

    /** Wires a log. */
    public AuditConfiguration(AuditLog log) {
        this.log = log;
    }

    @BindToRegistry("auditLog")
    public AuditLog auditLog() {
        return log;
    }
}
