package org.deprovisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of the manifests; packages/check-manifests holds them against the schemas of Kubernetes. */
class ManifestsTest {

    private static final Path FOLDER = Path.of("packages/kubernetes");

    private static JsonNode manifest(String file) throws IOException {
        return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @Test
    void theProgramRunsWithoutRootOnAReadOnlyFileSystemAndOnSqliteOnce() throws IOException {
        JsonNode spec = manifest("base/statefulset.yaml").path("spec");
        JsonNode pod = spec.path("template").path("spec");
        JsonNode container = pod.path("containers").path(0);
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(pod.path("securityContext").path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(container
                        .path("securityContext")
                        .path("readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        assertThat(container
                        .path("securityContext")
                        .path("allowPrivilegeEscalation")
                        .asBoolean(true))
                .isFalse();
        assertThat(container.path("livenessProbe").path("httpGet").path("path").asText())
                .isEqualTo("/health/live");
        assertThat(container.path("readinessProbe").path("httpGet").path("path").asText())
                .isEqualTo("/health/ready");
        assertThat(Files.readString(Path.of("packages/image/Containerfile")))
                .contains(
                        "--uid " + pod.path("securityContext").path("runAsUser").asText() + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base/statefulset.yaml", "postgresql/several.yaml"})
    void everyMountHasItsVolume(String file) throws IOException {
        JsonNode spec = manifest(file).path("spec");
        JsonNode pod = spec.path("template").path("spec");
        List<String> volumes = Stream.concat(
                        each(pod.path("volumes"))
                                .map(volume -> volume.path("name").asText()),
                        each(spec.path("volumeClaimTemplates"))
                                .map(claim ->
                                        claim.path("metadata").path("name").asText()))
                .toList();
        assertThat(each(pod.path("containers").path(0).path("volumeMounts"))
                        .map(mount -> mount.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(volumes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "postgresql"})
    void whatAKustomizationNamesIsThereAndEverySecretIsAFile(String folder) throws IOException {
        JsonNode kustomization = manifest(folder + "/kustomization.yaml");
        Stream.concat(
                        each(kustomization.path("resources")).map(JsonNode::asText),
                        Stream.concat(
                                each(kustomization.path("patches"))
                                        .map(patch -> patch.path("path").asText()),
                                each(kustomization
                                                .path("configMapGenerator")
                                                .path(0)
                                                .path("files"))
                                        .map(JsonNode::asText)))
                .forEach(
                        name -> assertThat(FOLDER.resolve(folder).resolve(name)).exists());
        String mounts = Files.readString(FOLDER.resolve("base/statefulset.yaml"))
                + Files.readString(FOLDER.resolve("postgresql/several.yaml"));
        List<String> lines = Files.readAllLines(FOLDER.resolve(folder).resolve("application.properties"));
        assertThat(lines).noneMatch(line -> line.matches("(AZURE_CLIENT_SECRET|.*password|.*client-secret)=.*"));
        assertThat(lines.stream()
                        .filter(line -> line.contains("=/run/secrets/"))
                        .map(line -> line.substring(line.indexOf('=') + 1, line.lastIndexOf('/'))))
                .isNotEmpty()
                .allSatisfy(place -> assertThat(mounts).contains("mountPath: " + place));
    }
}
