package org.deprovisioner.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.Settings.Quota;
import org.deprovisioner.settings.Settings.Tenant;
import org.deprovisioner.settings.Source.Given;

/** What the settings say of the tenants: the named ones or, without any, the one that {@code AZURE_TENANT_ID} names. */
final class SignIns {

    private static final String ONLY = "default";

    private final SettingsPass reading;
    private final TenantSettings settings;
    private final VaultedSecrets secrets;

    SignIns(SettingsPass reading, TenantSettings settings, VaultedSecrets secrets) {
        this.reading = reading;
        this.settings = settings;
        this.secrets = secrets;
    }

    /** Where Graph is: as set, else where the cloud has it. */
    URI graphBaseUrl() {
        return reading.given(KnownSettings.BASE_URL).isPresent()
                ? reading.value(KnownSettings.BASE_URL)
                : reading.value(KnownSettings.CLOUD).graphBaseUrl();
    }

    /** @param credentials whether they must be there; without them tenants have names, quotas and empty credentials */
    Map<String, Tenant> tenants(boolean credentials) {
        Set<String> names = settings.names().isEmpty() ? Set.of(ONLY) : settings.names();
        Map<String, Tenant> tenants = new LinkedHashMap<>();
        names.forEach(name -> tenants.put(name, credentials ? tenant(name) : unnamed(name)));
        if (credentials && tenants.size() > 1) {
            refuseRepeated(tenants.values());
        }
        return tenants;
    }

    /** A tenant under two names would have twice its quota and limits, and its devices could be done twice. */
    private void refuseRepeated(Collection<Tenant> tenants) {
        Map<String, List<Tenant>> byId = new TreeMap<>();
        for (Tenant tenant : tenants) {
            if (tenant.credential() instanceof Credential.ManagedIdentity) {
                require(own(
                        tenant.name(), KnownSettings.TENANT_ID)); // without it nobody can tell whether it is another's
            }
            if (!tenant.tenantId().isEmpty()) {
                byId.computeIfAbsent(tenant.tenantId().toLowerCase(Locale.ROOT), id -> new ArrayList<>())
                        .add(tenant);
            }
        }
        refuseRepeated(
                tenants.stream()
                        .filter(tenant -> tenant.credential() instanceof Credential.ManagedIdentity)
                        .toList(),
                "are both the tenant whose identity this machine has");
        byId.values().forEach(same -> refuseRepeated(same, "both name one tenant"));
    }

    private void refuseRepeated(List<Tenant> same, String words) {
        if (same.size() > 1) {
            reading.problem("%s: these %s. A tenant has one name, or it would have twice its quota and limits, and its"
                            .formatted(
                                    same.stream()
                                            .map(tenant -> own(tenant.name(), KnownSettings.TENANT_ID))
                                            .map(id -> reading.given(id)
                                                    .map(Given::toString)
                                                    .orElse(id.key()))
                                            .collect(Collectors.joining(" and ")),
                                    words)
                    + " devices could be done twice. Remove all but one of them: what the ledger knows of the tenant follows"
                    + " its id.");
        }
    }

    /** All that is known of its credential is whether it would be a certificate, which alone can end soon. */
    private Tenant unnamed(String name) {
        Credential empty = reading.value(effective(name, KnownSettings.AUTH)).equals("client-certificate")
                ? new Credential.ClientCertificate(Path.of(""), Optional.empty(), false)
                : new Credential.ClientSecret(new SecretReference(new Secret(""), Optional.empty()));
        return new Tenant(name, "", "", empty, Cloud.GLOBAL.authorityHost(), quota(name));
    }

    private Tenant tenant(String name) {
        Setting<Optional<String>> tenantId = own(name, KnownSettings.TENANT_ID);
        Credential credential = credential(name);
        boolean identity = credential instanceof Credential.ManagedIdentity;
        if (!identity) {
            require(tenantId);
            require(effective(name, KnownSettings.CLIENT_ID));
        }
        String id = reading.value(tenantId).orElse("");
        Setting<Optional<URI>> whole = effective(name, KnownSettings.AUTHORITY);
        URI authority = reading.value(whole).orElseGet(() -> URI.create(authorityHost() + "/" + id));
        if (!identity) {
            refuseMix(whole, authority);
        }
        return new Tenant(
                name,
                id,
                reading.value(effective(name, KnownSettings.CLIENT_ID)).orElse(""),
                credential,
                authority,
                quota(name));
    }

    private Quota quota(String name) {
        return new Quota(
                reading.value(effective(name, KnownSettings.WRITES)),
                reading.value(effective(name, KnownSettings.WINDOW)),
                reading.value(effective(name, KnownSettings.READS)));
    }

    private Credential credential(String name) {
        return switch (reading.value(effective(name, KnownSettings.AUTH))) {
            case "client-certificate" -> certificate(name);
            case "managed-identity" -> new Credential.ManagedIdentity();
            case "workload-identity" -> {
                var file = effective(name, KnownSettings.FEDERATED_TOKEN);
                require(file);
                yield new Credential.WorkloadIdentity(reading.value(file)
                        .map(path -> reading.readable(file, path))
                        .orElse(Path.of("")));
            }
            case "device-code" -> new Credential.DeviceCode();
            default -> {
                var secret = effective(name, KnownSettings.CLIENT_SECRET);
                require(secret);
                yield new Credential.ClientSecret(
                        secrets.kept(secret).orElse(new SecretReference(new Secret(""), Optional.empty())));
            }
        };
    }

    private Credential certificate(String name) {
        var file = effective(name, KnownSettings.CERTIFICATE);
        require(file);
        return new Credential.ClientCertificate(
                reading.value(file).map(path -> reading.readable(file, path)).orElse(Path.of("")),
                secrets.kept(effective(name, KnownSettings.CERTIFICATE_PASSWORD)),
                reading.value(effective(name, KnownSettings.SEND_CHAIN)));
    }

    private void require(Setting<?> setting) {
        if (reading.given(setting).isEmpty()) {
            reading.problem(
                    KnownSettings.find(setting.inFile()).isPresent()
                            ? "%s is missing. Set it in the environment, or %s to a file that holds it."
                                    .formatted(setting.key(), setting.inFile())
                            : "%s is missing. Set it, or %s in the environment."
                                    .formatted(setting.key(), setting.variable()));
        }
    }

    /** A tenant's own setting. */
    private <T> Setting<T> own(String name, Setting<T> forAll) {
        return settings.names().isEmpty() ? forAll : settings.own(name, forAll);
    }

    /** A tenant's own setting, or the one of all where the tenant does not say anything. */
    private <T> Setting<T> effective(String name, Setting<T> forAll) {
        Setting<T> own = own(name, forAll);
        return reading.given(own).isPresent() || reading.given(forAll).isEmpty() ? own : forAll;
    }

    /** Where Entra ID is: as set, else where the cloud has it. */
    URI authorityHost() {
        return reading.given(KnownSettings.AUTHORITY_HOST).isPresent()
                ? reading.value(KnownSettings.AUTHORITY_HOST)
                : reading.value(KnownSettings.CLOUD).authorityHost();
    }

    /** A token of one cloud is worth nothing in another, and its secret has nothing to do there. */
    private void refuseMix(Setting<?> wholeAuthority, URI authority) {
        URI graph = graphBaseUrl();
        Set<Cloud> possible = EnumSet.allOf(Cloud.class);
        reading.given(KnownSettings.CLOUD)
                .ifPresent(cloud -> possible.retainAll(Set.of(reading.value(KnownSettings.CLOUD))));
        possible.retainAll(Cloud.signingInAt(authority));
        possible.retainAll(Cloud.withGraphAt(graph));
        if (possible.isEmpty()) {
            String given = Stream.of(
                            KnownSettings.CLOUD, KnownSettings.AUTHORITY_HOST, wholeAuthority, KnownSettings.BASE_URL)
                    .flatMap(setting -> reading.given(setting).stream())
                    .map(Given::toString)
                    .collect(Collectors.joining(", "));
            reading.problem("%s: this mixes clouds, sign-in at %s and Graph at %s. Set deprovision.cloud alone (%s): it"
                            .formatted(given, authority.getHost(), graph.getHost(), Cloud.words())
                    + " sets both.");
        }
    }
}
