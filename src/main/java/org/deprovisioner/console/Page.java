package org.deprovisioner.console;

/** The frame of every page. */
final class Page {

    private Page() {}

    /**
     * A page with this main part.
     *
     * @param main HTML whose texts are {@link #escaped}
     */
    static String of(String title, String main) {
        return framed(title, "", main);
    }

    /**
     * The same, which goes on by itself to another.
     *
     * @param address {@link #escaped}
     */
    static String goingOn(String title, String address, String main) {
        return framed(title, "<meta http-equiv=\"refresh\" content=\"0;url=%s\">".formatted(address), main);
    }

    private static String framed(String title, String head, String main) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s · Deprovisioner</title>
                <link rel="stylesheet" href="/console.css">
                <link rel="icon" href="/icon.svg" type="image/svg+xml">
                %3$s
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                %2$s
                </main>
                </body>
                </html>
                """.formatted(escaped(title), main, head);
    }

    /** A text as HTML shows it, in elements and in quoted attributes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
