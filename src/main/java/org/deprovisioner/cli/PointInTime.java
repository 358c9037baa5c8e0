package org.deprovisioner.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant as an option takes it: a day, which begins at midnight UTC, or a whole instant. */
final class PointInTime implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text.strip()).toInstant()
                    : LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException notOne) {
            throw new TypeConversionException("'" + text
                    + "' is neither a day nor an instant. Write it like 2027-01-31 or 2027-01-31T08:00:00Z.");
        }
    }
}
