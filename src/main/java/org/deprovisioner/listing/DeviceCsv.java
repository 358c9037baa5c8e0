package org.deprovisioner.listing;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Writer;
import java.time.Instant;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.DeviceSheet;

/** Writes devices as a CSV that a file of requests is made from, row by row. */
public final class DeviceCsv {

    private final CsvWriter csv;
    private final DeviceSheet sheet;

    /**
     * Begins with the names of the columns.
     *
     * @param ofSeveralTenants whether rows name their tenant
     * @param output is written as rows come, and closed by whoever opened it
     */
    public DeviceCsv(Writer output, boolean ofSeveralTenants, Instant listed) {
        csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.CRLF)
                .commentCharacter('#')
                .bufferSize(0) // the output is buffered
                .build(output);
        sheet = new DeviceSheet(ofSeveralTenants, listed);
        csv.writeRecord(sheet.header());
    }

    /** Writes the row of a device. */
    public void write(Device device, String tenant) {
        csv.writeRecord(sheet.row(device, tenant));
    }

    /** How many values were left out, since no request may hold them. */
    public long leftEmpty() {
        return sheet.leftEmpty();
    }
}
