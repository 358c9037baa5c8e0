package org.deprovisioner.console;

/** The pages, and what their forms do. */
final class Pages implements AutoCloseable {

    private final ConsoleContext context;
    private final Background background = new Background();

    Pages(ConsoleContext context) {
        this.context = context;
    }

    void addTo(Router router) {
        Notices notices = new Notices();
        Layout layout = new Layout(notices);
        BatchCounts counts = new BatchCounts(context.settings(), context.ledger());
        new Assets().addTo(router);
        new OverviewPage(context, counts, layout).addTo(router);
        new BatchesPage(context, counts, layout).addTo(router);
        new BatchPage(context, counts, layout).addTo(router);
        new ApprovalPages(context, counts, layout, notices).addTo(router);
        new PausePages(context, layout, notices).addTo(router);
        new SubmitPages(context, layout, notices, background).addTo(router);
        new DeadLetterPages(context, layout, notices).addTo(router);
        new InDoubtPage(context, layout).addTo(router);
        new DevicePage(context, layout).addTo(router);
        new AuditPage(context, layout, notices, background).addTo(router);
        new DoctorPage(context, layout, notices, background).addTo(router);
    }

    @Override
    public void close() {
        background.close();
    }
}
