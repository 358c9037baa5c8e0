package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.request.RequestFile;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Sha256;

/**
 * What a file would hand over, read without a look at any device.
 *
 * @param rows all of them
 * @param invalid those that cannot be understood, and end as invalid
 * @param reasons how many of the others have which reason
 * @param tenants how many of the others are of which tenant
 * @param sha256 the digest of the content that was read
 */
public record Outline(long rows, long invalid, Map<String, Long> reasons, Map<String, Long> tenants, String sha256) {

    /**
     * Reads a file as intake reads it.
     *
     * @throws UnusableFileException when it would be rejected as a whole
     */
    public static Outline of(Path file, Settings settings) throws IOException, UnusableFileException {
        String digest = Sha256.of(file);
        long rows = 0;
        long invalid = 0;
        Map<String, Long> reasons = new TreeMap<>();
        Map<String, Long> tenants = new TreeMap<>();
        try (RequestFile opened = RequestFile.open(file, IntakeConfiguration.rules(settings))) {
            for (Row row : opened) {
                rows++;
                if (row instanceof Row.Accepted accepted) {
                    reasons.merge(accepted.request().reason(), 1L, Long::sum);
                    tenants.merge(accepted.request().tenant(), 1L, Long::sum);
                } else {
                    invalid++;
                }
            }
        }
        return new Outline(rows, invalid, reasons, tenants, digest);
    }
}
