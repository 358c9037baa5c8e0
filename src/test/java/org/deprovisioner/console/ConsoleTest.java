package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.deprovisioner.console.Browser.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

    @TempDir
    Path folder;

    @Test
    void whoSignsInByPasswordSeesTheOverviewAndSignsOutAgain() throws IOException {
        try (ConsoleStage stage = ConsoleStage.in(folder).start();
                Browser browser = stage.browser()) {
            assertThat(browser.get("/").header("Location")).isEqualTo("/sign-in?to=%2F");
            assertThat(browser.post("/sign-in", Map.of("password", "guessed")).status())
                    .isEqualTo(403);
            assertThat(browser.post("/sign-in", Map.of("password", stage.password()))
                            .status())
                    .isEqualTo(303);
            Answer overview = browser.get("/");
            assertThat(overview.status()).isEqualTo(200);
            assertThat(overview.body()).contains("Overview", "No batch yet");
            assertThat(browser.post("/sign-out", Map.of("csrf", overview.csrf()))
                            .status())
                    .isEqualTo(303);
            assertThat(browser.get("/").status()).isEqualTo(303);
        }
    }
}
