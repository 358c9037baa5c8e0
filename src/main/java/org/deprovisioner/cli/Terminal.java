package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.deprovisioner.text.Printable;

/**
 * Where commands print, be it a terminal or a pipe. What is printed as a line is one line, and nothing that came from
 * outside acts on the terminal or hides: all that commands print goes through here.
 */
final class Terminal extends PrintWriter {

    /** What is never parted: a command that somebody copies, or a word with what follows it up to the next space. */
    private static final Pattern WORD = Pattern.compile(" *('deprovision [^']*'[^ ]*|(?<=: )deprovision .*|[^ ]+)");

    private static final String FURTHER_LINES = "  ";

    private final PrintWriter to;
    private final int width;

    Terminal(PrintWriter to) {
        this(to, Integer.MAX_VALUE);
    }

    private Terminal(PrintWriter to, int width) {
        super(to, true);
        this.to = to;
        this.width = width;
    }

    /** The same, where a line that is longer than this goes on below, between two words. */
    Terminal folding(int width) {
        return new Terminal(to, width);
    }

    /** A printable line in as many as it takes. */
    List<String> folded(String line) {
        if (line.length() <= width) {
            return List.of(line);
        }
        String indent = " ".repeat(line.length() - line.stripLeading().length());
        List<String> lines = new ArrayList<>();
        StringBuilder next = new StringBuilder(indent);
        WORD.matcher(line).results().forEach(word -> {
            if (next.toString().isBlank()) {
                next.append(word.group(1));
            } else if (next.length() + word.group().length() <= width) {
                next.append(word.group());
            } else {
                lines.add(next.toString());
                next.setLength(0);
                next.append(indent).append(FURTHER_LINES).append(word.group(1));
            }
        });
        lines.add(next.toString());
        return lines;
    }

    /** Prints a line in two parts, where the further lines that the second takes stand below it. */
    void printBeside(String first, String second) {
        List<String> lines = folding(width - first.length()).folded(Printable.line(second));
        for (int at = 0; at < lines.size(); at++) {
            to.println((at == 0 ? first : " ".repeat(first.length())) + lines.get(at));
        }
    }

    /** Prints a line that a program reads, or that is pasted as a whole. */
    void printWhole(String line) {
        to.println(Printable.line(line));
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
        folded(text.substring(0, indent) + Printable.line(text.substring(indent)))
                .forEach(super::println);
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
        String text = String.format(Locale.getDefault(Locale.Category.FORMAT), format, printable);
        if (width == Integer.MAX_VALUE) {
            to.print(text);
            to.flush();
        } else {
            text.lines().flatMap(line -> folded(line).stream()).forEach(super::println);
        }
        return this;
    }
}
