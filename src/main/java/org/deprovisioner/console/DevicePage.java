package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.DeviceHistories.Call;
import org.deprovisioner.ledger.DeviceHistories.History;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.request.Device;

/** Everything ever done to a device. */
final class DevicePage {

    private static final int MOST = 50;

    private final Ledger ledger;
    private final Layout layout;

    DevicePage(ConsoleContext context, Layout layout) {
        this.ledger = context.ledger();
        this.layout = layout;
    }

    void addTo(Router router) {
        router.page("/devices", request -> layout.page(request, "Device", "device", view(request)));
    }

    /** Where a device is shown that is called this. */
    static String path(String device) {
        return "/devices?find=" + PathPart.encoded(device);
    }

    /** A call that was made for it. */
    record ShownCall(Shown.When begun, String words, String clientRequestId, String graphRequestId) {}

    /** A request for it. */
    record Request(
            RowList.Row row,
            Shown.When handedOver,
            String by,
            String tenant,
            String id,
            String model,
            String system,
            List<ShownCall> calls,
            List<InDoubtPage.Saw> looks) {}

    record View(
            String find, boolean asked, List<Request> requests, boolean none, Optional<String> audit, boolean more) {}

    private View view(WebRequest request) {
        String find = request.query("find").orElse("").strip();
        List<History> found =
                find.isEmpty() ? List.of() : ledger.deviceHistories().of(find, MOST);
        return new View(
                find,
                !find.isEmpty(),
                found.stream().map(DevicePage::shown).toList(),
                !find.isEmpty() && found.isEmpty(),
                find.isEmpty() ? Optional.empty() : Optional.of("/audit?text=" + PathPart.encoded(find)),
                found.size() == MOST);
    }

    private static Request shown(History history) {
        Device device = history.row().device();
        return new Request(
                RowList.row(history.row()),
                Shown.when(history.handedOver()),
                history.by(),
                history.row().tenant(),
                device.id(),
                device.particulars().model(),
                device.operatingSystem(),
                history.calls().stream().map(DevicePage::shown).toList(),
                history.looks().stream().map(InDoubtPage.Saw::of).toList());
    }

    private static ShownCall shown(Call call) {
        String answer = call.httpStatus() > 0 ? "Graph answered " + call.httpStatus() : "no answer came";
        return new ShownCall(
                Shown.when(call.begun()),
                call.ended().isEmpty()
                        ? "under way"
                        : answer + (call.result().isEmpty() ? "" : " (" + call.result() + ")"),
                call.clientRequestId(),
                call.graphRequestId());
    }
}
