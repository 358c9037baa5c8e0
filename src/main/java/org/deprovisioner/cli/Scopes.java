package org.deprovisioner.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.settings.Settings;

/** Pauses and their scopes in words. */
final class Scopes {

    private Scopes() {}

    /** The scope of a tenant that a user named, or of all. */
    static String of(Optional<String> tenant, Settings settings) {
        tenant.filter(name -> !settings.tenants().containsKey(name)).ifPresent(name -> {
            throw new Refused(
                    Exit.USAGE,
                    "'%s' is not a configured tenant. There is: %s."
                            .formatted(
                                    name, String.join(", ", settings.tenants().keySet())));
        });
        return tenant.orElse(Pause.ALL);
    }

    static String name(String scope) {
        return scope.equals(Pause.ALL) ? "every tenant" : "the tenant '" + scope + "'";
    }

    static String resume(String scope) {
        return "deprovision resume" + (scope.equals(Pause.ALL) ? "" : " --tenant " + scope);
    }

    static String describe(Pause pause) {
        String ending = pause.kind() == Pause.Kind.RESUME
                ? "until '" + resume(pause.scope()) + "'"
                : "until a probe finds the cause gone (" + pause.probes() + " so far)";
        return "Paused: %s since %s, %s. %s %s"
                .formatted(name(pause.scope()), utc(pause.since()), ending, pause.message(), pause.remedy());
    }

    static String utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ')
                .replace("Z", " UTC");
    }
}
