package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.deprovisioner.console.Browser.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With many rows in the ledger, what a page reads of them comes from an index, and is as long as the page. */
class MillionRowsOnPagesTest {

    /** With {@code -Dconsole.rows=1000000} the pages can be timed by hand; a test never fails by the clock. */
    private static final int ROWS = Integer.getInteger("console.rows", 20_000);

    @TempDir
    Path folder;

    @Test
    void noPageReadsAllRowsOrSortsThem() throws Exception {
        try (ConsoleStage stage = ConsoleStage.in(folder).start();
                Browser browser = stage.signedIn();
                Seed seed = Seed.in(stage)) {
            seed.batch("large", "ada")
                    .rows("large", ROWS / 2, "DONE", "deprovisioned", "", "")
                    .rows("large", ROWS / 4, "DEAD", "not-found", "There is no such device.", "Correct the id.")
                    .rows("large", ROWS / 4, "HELD", "", "Too many.", "Approve it.");
            List<String> pages = List.of(
                    "/",
                    "/batches",
                    "/batches/large",
                    "/batches/large?show=failed",
                    "/batches/large?show=held&after=0.1." + (ROWS * 9L / 10),
                    "/batches/large?after=0.1." + (ROWS * 9L / 10),
                    "/batches/large/approve",
                    "/batches/large/cancel",
                    "/dead-letters",
                    "/in-doubt",
                    "/devices?find=large-7",
                    "/audit");
            for (String path : pages) {
                for (String which : List.of("cold", "warm")) {
                    long begun = System.nanoTime();
                    Answer answer = browser.get(path);
                    timed(path, which, (System.nanoTime() - begun) / 1_000_000);
                    assertThat(answer.status()).as(path).isEqualTo(200);
                    assertThat(answer.body().length()).as(path).isLessThan(120_000);
                }
            }
            var cause = Pattern.compile("/dead-letters/([0-9a-f]{20})")
                    .matcher(browser.get("/dead-letters").body());
            assertThat(cause.find()).isTrue();
            assertThat(browser.get("/dead-letters/" + cause.group(1)).body()).contains("Next page");

            assertThat(seed.plan("select * from request where batch = 'large' and id > 5 order by id limit 51"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
            assertThat(seed.plan(
                            "select r.* from request r where r.unit = 1 and r.state = 'DEAD' and r.outcome = 'not-found'"
                                    + " and r.id > 5 order by r.id limit 51"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
            assertThat(seed.plan(
                            "select r.* from unit u cross join request r where u.batch = 'large' and u.id > 0 and r.unit = u.id"
                                    + " and r.state = 'HELD' and r.outcome is null order by u.id, r.id limit 51"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
            assertThat(seed.plan(
                            "select * from request where state = 'DEAD' and outcome = 'not-found' and graph_code is null"
                                    + " and remedy = 'x' and batch = 'large' and id > 5 order by id limit 51"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
            assertThat(seed.plan(
                            "select name, created, changed, facts, kind from batch where (created, name) < (5, 'x')"
                                    + " order by created desc, name desc limit 25"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
            assertThat(seed.plan("select id from request where serial_key = 'x' order by id desc limit 50"))
                    .allSatisfy(MillionRowsOnPagesTest::searched);
        }
    }

    private static void timed(String path, String which, long millis) {
        if (Boolean.getBoolean("console.times")) {
            org.slf4j.LoggerFactory.getLogger("pages").warn("{} {}: {} ms", path, which, millis);
        }
    }

    private static void searched(String step) {
        assertThat(step).startsWith("SEARCH").doesNotContain("TEMP B-TREE");
    }
}
