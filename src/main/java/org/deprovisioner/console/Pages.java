package org.deprovisioner.console;

/** The pages, and what their forms do. */
final class Pages {

    private final ConsoleContext context;

    Pages(ConsoleContext context) {
        this.context = context;
    }

    void addTo(Router router) {
        router.page("/", this::overview);
    }

    private WebResponse overview(WebRequest request) {
        int batches = context.ledger().batches().all().size();
        return WebResponse.html(Page.of("Overview", """
                <p>Hello, %s. The ledger has %d %s.</p>
                <form method="post" action="/sign-out"><input type="hidden" name="csrf" value="%s"><button>Sign out</button></form>
                """.formatted(
                Page.escaped(request.signedIn().name()), batches, batches == 1 ? "batch" : "batches", request.csrf())));
    }
}
