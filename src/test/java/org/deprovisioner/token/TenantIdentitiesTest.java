package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.deprovisioner.settings.Settings.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token tells of whose it is. */
class TenantIdentitiesTest {

    private static final String ID = "7a3c1f0e-52b4-4d7b-9f61-3f0c8e2d6a15";
    private static final String OTHER = "99999999-0000-4000-8000-000000000009";
    private static final Credential SECRET =
            new Credential.ClientSecret(new SecretReference(new Secret("s"), Optional.empty()));

    private final Tenant byId = tenant("north", ID, SECRET);
    private final Tenant byDomain = tenant("south", "contoso.onmicrosoft.com", SECRET);
    private final Tenant byOtherDomain = tenant("west", "contoso.com", SECRET);
    private final Tenant ofTheMachine = tenant("cloud", "", new Credential.ManagedIdentity());
    private final TenantIdentities identities =
            new TenantIdentities(List.of(byId, byDomain, byOtherDomain, ofTheMachine));

    @Test
    void aDomainWhoseTokenIsOfATenantThatIsConfiguredByItsIdIsRefusedNamingBoth() {
        assertThatThrownBy(() -> identities.checked(byDomain, tokenOf(ID.toUpperCase(Locale.ROOT))))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("'north' and 'south' are one tenant: contoso.onmicrosoft.com has the id " + ID);
        assertThatThrownBy(() -> identities.checked(ofTheMachine, tokenOf(ID)))
                .hasMessageContaining("'north' and 'cloud' are one tenant");
    }

    @Test
    void ofTwoDomainsOfOneTenantTheSecondIsRefusedAndTheFirstGoesOn() {
        BearerToken token = tokenOf(OTHER);
        assertThat(identities.checked(byDomain, token)).isEqualTo(token);
        assertThatThrownBy(() -> identities.checked(byOtherDomain, token))
                .hasMessageContaining("'south' and 'west' are one tenant");
        assertThat(identities.checked(byDomain, token)).isEqualTo(token);
    }

    @Test
    void aTokenOfAWholeAuthorityThatWasSetSaysNothingOfTheTenantsOwnId() {
        Tenant elsewhere = new Tenant(
                "south",
                "contoso.onmicrosoft.com",
                "app",
                SECRET,
                URI.create("https://login.example/" + ID),
                byId.quota());
        assertThat(identities.checked(elsewhere, tokenOf(ID))).isEqualTo(tokenOf(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "a.b.c", "..", "e30.e30.e30"})
    void aTokenThatNamesNoTenantIsTakenAsItIs(String value) {
        BearerToken token = new BearerToken(value, Instant.MAX);
        assertThat(identities.checked(byDomain, token)).isEqualTo(token);
    }

    private static BearerToken tokenOf(String tenant) {
        String claims = Base64.getUrlEncoder()
                .encodeToString("{\"tid\":\"%s\"}".formatted(tenant).getBytes(UTF_8));
        return new BearerToken("e30." + claims + ".sig", Instant.MAX);
    }

    private static Tenant tenant(String name, String id, Credential credential) {
        URI authority = URI.create("https://login.example/" + id);
        return new Tenant(
                name, id, "app", credential, authority, new Settings.Quota(200, Duration.ofSeconds(20), 1800));
    }
}
