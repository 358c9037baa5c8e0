package org.deprovisioner.console;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.doctor.Examination;
import org.deprovisioner.doctor.Remark;
import org.deprovisioner.doctor.Remark.Level;
import org.deprovisioner.service.ServiceLock;

/** What the command {@code doctor} finds, looked at from the service itself. */
final class DoctorPage {

    private final ConsoleContext context;
    private final Layout layout;
    private final Notices notices;
    private final Background background;
    private final Clock clock;
    private volatile Optional<Shown.When> begun = Optional.empty();
    private volatile boolean underWay;
    private volatile List<Finding> findings = List.of();

    DoctorPage(ConsoleContext context, Layout layout, Notices notices, Background background) {
        this.context = context;
        this.layout = layout;
        this.notices = notices;
        this.background = background;
        this.clock = context.clock();
    }

    void addTo(Router router) {
        router.page("/doctor", request -> layout.page(request, "Doctor", "doctor", view()));
        router.page("/live/doctor", request -> WebResponse.html(Templates.filled("doctor-live", view())));
        router.action("/doctor", Right.READ, this::look);
    }

    /** What was found of one thing. */
    record Finding(String kind, String level, String check, String words, String remedy) {
        static Finding of(Remark remark) {
            return new Finding(
                    remark.level() == Level.OK ? "good" : remark.level() == Level.WARNING ? "warn" : "bad",
                    remark.level().word(),
                    remark.check() + (remark.subject().isEmpty() ? "" : " (" + remark.subject() + ")"),
                    remark.words(),
                    remark.remedy());
        }
    }

    record View(Optional<Shown.When> begun, boolean underWay, boolean ended, List<Finding> findings, String sum) {}

    private View view() {
        List<Finding> found = findings;
        long bad =
                found.stream().filter(finding -> finding.kind().equals("bad")).count();
        return new View(
                begun,
                underWay,
                begun.isPresent() && !underWay,
                found,
                bad == 0 ? "Nothing is wrong." : Shown.count(bad, "thing is", "things are") + " wrong.");
    }

    private synchronized WebResponse look(WebRequest request) {
        if (!underWay) {
            background.run(this::examine);
            underWay = true;
            findings = List.of();
            begun = Optional.of(Shown.when(clock.instant()));
        }
        return notices.say("/doctor", request, List.of());
    }

    private void examine() {
        List<Finding> found = new ArrayList<>();
        try {
            new Examination(
                            context.readers().apply(Map.of()),
                            settings -> ServiceLock.isHeld(settings.data()),
                            configuration -> {},
                            remark -> {
                                found.add(Finding.of(remark));
                                findings = List.copyOf(found);
                            })
                    .look();
        } catch (Exception failed) {
            found.add(
                    new Finding("bad", "error", "doctor", "It could not look any further: " + failed.getMessage(), ""));
            findings = List.copyOf(found);
        } finally {
            underWay = false;
        }
    }
}
