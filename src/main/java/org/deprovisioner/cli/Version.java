package org.deprovisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which version of the program this is, and of which commit it was built: as the build has noted it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        load("program.properties", build);
        load("commit.properties", build); // only where it was built from a checkout
        return new String[] {
            "Deprovisioner " + build.getProperty("version") + " ("
                    + commit(build.getProperty("commit", ""), build.getProperty("changed", ""))
                    + ")"
        };
    }

    private static void load(String name, Properties into) throws IOException {
        try (InputStream resource = Version.class.getResourceAsStream("/org/deprovisioner/" + name)) {
            if (resource != null) {
                into.load(resource);
            }
        }
    }

    /**
     * The commit in words.
     *
     * @param commit its whole name; anything else where the build did not know it
     * @param changed {@code 1} when files of it were changed
     */
    static String commit(String commit, String changed) {
        if (!commit.matches("[0-9a-f]{40,64}")) {
            return "built outside a Git checkout, so its commit is not known";
        }
        return "commit " + commit + (changed.equals("1") ? ", with changes that are not committed" : "");
    }
}
