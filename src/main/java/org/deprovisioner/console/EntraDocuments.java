package org.deprovisioner.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** What Entra ID tells everybody: who issues its tokens, and the keys that sign them. */
final class EntraDocuments implements ResourceRetriever {

    private static final int LONGEST = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;

    EntraDocuments(HttpClient http) {
        this.http = http;
    }

    /** Who issues the tokens of a tenant, and where its keys are. */
    record Metadata(String issuer, URI keys) {}

    /** @throws IOException when it cannot be had, or is not what it should be */
    Metadata metadata(URI address) throws IOException {
        JsonNode document = JSON.readTree(text(address));
        String issuer = document.path("issuer").asText();
        URI keys = URI.create(document.path("jwks_uri").asText());
        if (issuer.isEmpty() || !String.valueOf(address.getScheme()).equals(keys.getScheme())) {
            throw new IOException(address + " names no issuer, or no keys over " + address.getScheme());
        }
        return new Metadata(issuer, keys);
    }

    @Override
    public Resource retrieveResource(URL url) throws IOException {
        return new Resource(text(URI.create(url.toString())), "application/json");
    }

    private String text(URI address) throws IOException {
        return http.execute(new HttpGet(address), response -> {
            if (response.getCode() != 200) {
                throw new IOException(address + " answered " + response.getCode());
            }
            return String.valueOf(EntityUtils.toString(response.getEntity(), LONGEST));
        });
    }
}
