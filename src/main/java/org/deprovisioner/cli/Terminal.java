package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import org.deprovisioner.text.Printable;

/**
 * Where commands print, be it a terminal or a pipe. What is printed as a line is one line, and nothing that came from
 * outside acts on the terminal or hides: all that commands print goes through here.
 */
final class Terminal extends PrintWriter {

    private final PrintWriter to;

    Terminal(PrintWriter to) {
        super(to, true);
        this.to = to;
    }

    /** Prints a line whose parts are printable already, and which may have colours of ours. */
    void printStyled(String line) {
        to.println(line);
    }

    /** For output that is printable already. */
    PrintWriter asItIs() {
        return to;
    }

    @Override
    public void println(String text) {
        int indent = 0;
        while (indent < text.length() && text.charAt(indent) == '\t') { // as in the trace of an exception
            indent++;
        }
        super.println(text.substring(0, indent) + Printable.line(text.substring(indent)));
    }

    @Override
    public void println(Object thing) {
        println(String.valueOf(thing));
    }

    @Override
    public void print(String text) {
        super.print(Printable.text(text));
    }

    /** As {@code printf} does; the format may have many lines, a text that is put into it is on one. */
    @Override
    public PrintWriter printf(String format, Object... values) {
        Object[] printable = Arrays.stream(values)
                .map(value -> value instanceof Number ? value : Printable.line(String.valueOf(value)))
                .toArray();
        to.print(String.format(Locale.getDefault(Locale.Category.FORMAT), format, printable));
        to.flush();
        return this;
    }
}
