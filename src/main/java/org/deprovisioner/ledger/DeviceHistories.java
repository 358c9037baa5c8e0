package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.Jdbc;

/** All requests for a device, and what was done for each of them. */
public final class DeviceHistories {

    private final Jdbc reader;

    DeviceHistories(Jdbc reader) {
        this.reader = reader;
    }

    /**
     * A call that was made for a request.
     *
     * @param ended empty while it is under way
     * @param httpStatus 0 where no answer came
     */
    public record Call(
            Instant begun,
            Optional<Instant> ended,
            int httpStatus,
            String result,
            String clientRequestId,
            String graphRequestId) {}

    /** A look at the device of a request in doubt. */
    public record Look(Instant at, int httpStatus, String saw) {}

    /**
     * A request for the device.
     *
     * @param handedOver when its file or message came, and from whom
     */
    public record History(ListedRow row, Instant handedOver, String by, List<Call> calls, List<Look> looks) {}

    /**
     * The requests for the devices that are called this, the newest first.
     *
     * @param device Intune's id, a serial number or a device's name, as a whole
     */
    public List<History> of(String device, int most) {
        String key = RequestRows.key(device);
        // each name by its own index
        List<Long> ids = new ArrayList<>(reader.queryForList(
                "select r.id from tenant t cross join request r where r.tenant = t.name and r.device_id in (?, ?)"
                        + " order by r.id desc limit ?",
                Long.class,
                key,
                device.strip(),
                most));
        for (String column : List.of("serial_key", "name_key")) {
            ids.addAll(reader.queryForList(
                    "select id from request where " + column + " = ? order by id desc limit ?", Long.class, key, most));
        }
        return ids.stream()
                .distinct()
                .sorted((one, other) -> Long.compare(other, one))
                .limit(most)
                .flatMap(id -> history(id).stream())
                .toList();
    }

    private List<History> history(long id) {
        List<Call> calls = reader.query(
                "select * from attempt where request = ? order by id",
                (row, number) -> new Call(
                        Instant.ofEpochMilli(row.getLong("begun")),
                        RequestRows.instant(row, "ended"),
                        row.getInt("http_status"),
                        RequestRows.text(row, "result"),
                        row.getString("client_request_id"),
                        RequestRows.text(row, "graph_request_id")),
                id);
        List<Look> looks = looks(id);
        return reader.query(
                "select r.*, i.received, i.owner from request r join unit u on u.id = r.unit join intake i on i.id = u.intake"
                        + " where r.id = ?",
                (row, number) -> new History(
                        ListedRow.of(row, number),
                        Instant.ofEpochMilli(row.getLong("received")),
                        row.getString("owner"),
                        calls,
                        looks),
                id);
    }

    /** What the looks at the device of a request saw, the first one first. */
    public List<Look> looks(long request) {
        return reader.query(
                "select at, http_status, saw from read_back where request = ? order by id",
                (row, number) -> new Look(Instant.ofEpochMilli(row.getLong(1)), row.getInt(2), row.getString(3)),
                request);
    }
}
