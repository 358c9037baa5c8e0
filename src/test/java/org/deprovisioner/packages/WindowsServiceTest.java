package org.deprovisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Windows is told of the service, as far as it can be looked at elsewhere. */
class WindowsServiceTest {

    private static final Path FOLDER = Path.of("packages/windows");

    private static List<String> arguments() throws IOException {
        return Files.readAllLines(FOLDER.resolve("service.arguments")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static String argument(String name) throws IOException {
        return arguments().stream()
                .filter(line -> line.startsWith("--" + name + "="))
                .map(line -> line.substring(name.length() + 3))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMethodsThatWindowsCallsAreThere() throws Exception {
        for (String task : List.of("Start", "Stop")) {
            Method method =
                    Class.forName(argument(task + "Class")).getMethod(argument(task + "Method"), String[].class);
            assertThat(Modifier.isStatic(method.getModifiers())).as(task).isTrue();
        }
        assertThat(arguments()).contains("++StartParams=run", "--StartMode=jvm", "--StopMode=jvm");
        assertThat(Integer.parseInt(argument("StopTimeout")))
                .as("longer than the longest deprovision.timeout and half a minute")
                .isGreaterThan(630);
    }

    @Test
    void everyArgumentIsOneOfCommonsDaemons() throws IOException {
        assertThat(arguments())
                .allMatch(line -> line.matches("(--(DisplayName|Description|Startup|StartMode|StopMode|Jvm|Classpath"
                        + "|StartClass|StartMethod|StopClass|StopMethod|StopTimeout|StartPath|LogPath|LogPrefix|JvmMx)"
                        + "|\\+\\+(StartParams|JvmOptions9?))=.+"));
    }

    @Test
    void everyPlaceInTheArgumentsIsFilledInByTheScript() throws IOException {
        String script = Files.readString(FOLDER.resolve("install-service.ps1"));
        Matcher places = Pattern.compile("\\{\\w+}").matcher(String.join("\n", arguments()));
        assertThat(places.results().map(place -> place.group()))
                .isNotEmpty()
                .allSatisfy(place -> assertThat(script).contains(".Replace('" + place + "'"));
    }

    @Test
    void javaTakesTheOptionsOfTheServiceInEveryVersion() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new java.util.ArrayList<>(List.of(java.toString()));
        arguments().stream()
                .filter(line -> line.startsWith("++JvmOptions"))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .forEach(command::add);
        command.add("-version");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContainIgnoringCase("warning");
    }

    @Test
    void rightsAreGivenByIdentifiersAndNotByNamesInOneLanguage() throws IOException {
        for (String script : List.of("install-service.ps1", "remove-service.ps1")) {
            assertThat(Files.readString(FOLDER.resolve(script)).lines().filter(line -> line.contains("icacls")))
                    .as(script)
                    .allSatisfy(line ->
                            assertThat(line).doesNotContainPattern("(?i)'?(users|everyone|administrators|system):"));
        }
        assertThat(Files.readString(FOLDER.resolve("install-service.ps1"))).contains("*S-1-5-18", "*S-1-5-32-544");
    }
}
