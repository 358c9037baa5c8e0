package org.deprovisioner.token;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;

/**
 * Which tenant each name means, by its id. One that is configured by a domain, or by the machine's identity, has no id until
 * a token tells it; were it the tenant of another name too, its devices would be done twice, at twice the quota. May be used
 * by many threads.
 */
final class TenantIdentities {

    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> names = new ConcurrentHashMap<>();

    TenantIdentities(Collection<Settings.Tenant> tenants) {
        for (Settings.Tenant tenant : tenants) {
            if (isGuid(tenant.tenantId())) {
                names.put(tenant.tenantId().toLowerCase(Locale.ROOT), tenant.name());
            }
        }
    }

    /**
     * Looks whose token it is.
     *
     * @throws TokenException when it is of a tenant that is configured under another name
     */
    BearerToken checked(Settings.Tenant tenant, BearerToken token) {
        if (!isGuid(tenant.tenantId()) && isOfItsOwnAuthority(tenant)) {
            idIn(token).ifPresent(id -> {
                String owner = Optional.ofNullable(names.putIfAbsent(id, tenant.name()))
                        .orElse(tenant.name());
                if (!owner.equals(tenant.name())) {
                    throw oneTenantUnderTwoNames(tenant, id, owner);
                }
            });
        }
        return token;
    }

    /** Where a whole authority is set, its tokens say nothing of the tenant's own id. */
    private static boolean isOfItsOwnAuthority(Settings.Tenant tenant) {
        return tenant.credential() instanceof Credential.ManagedIdentity
                || tenant.authority().getPath().equalsIgnoreCase("/" + tenant.tenantId());
    }

    private static Optional<String> idIn(BearerToken token) {
        return token.claims()
                .map(claims -> claims.path("tid").asText().toLowerCase(Locale.ROOT))
                .filter(TenantIdentities::isGuid);
    }

    private static boolean isGuid(String id) {
        return GUID.matcher(id).matches();
    }

    private static TokenException oneTenantUnderTwoNames(Settings.Tenant tenant, String id, String owner) {
        String called = tenant.tenantId().isEmpty() ? "what this machine's identity signs in to" : tenant.tenantId();
        return new TokenException(
                tenant.name(),
                "",
                "The tenants '%s' and '%s' are one tenant: %s has the id %s. Nothing is sent for '%s'."
                        .formatted(owner, tenant.name(), called, id, tenant.name()),
                ("Cancel its batches, remove its settings (deprovision.tenants.%s.*), start again, and hand its devices over"
                                + " for '%s'.")
                        .formatted(tenant.name(), owner),
                false);
    }
}
