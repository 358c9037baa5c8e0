package org.deprovisioner.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Calls per second against the quota, over time, as an SVG picture. */
final class Chart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 240;
    private static final int LEFT = 60;
    private static final int GAP = 70;

    /** A run: the quota in calls a second, and what came in each second as {@code second,taken,refused}. */
    private record Run(double quota, List<String> seconds) {}

    private final Map<String, Run> runs = new LinkedHashMap<>();

    void add(String name, double quota, List<String> seconds) {
        runs.put(name, new Run(quota, List.copyOf(seconds)));
    }

    void write(Path svg, Path csv) throws IOException {
        List<String> lines = new ArrayList<>(List.of("run,second,taken,refused,quotaPerSecond"));
        StringBuilder picture = new StringBuilder(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH + LEFT + 20, runs.size() * (HEIGHT + GAP) + 20));
        int top = GAP / 2;
        for (Map.Entry<String, Run> run : runs.entrySet()) {
            draw(picture, run.getKey(), run.getValue(), top);
            run.getValue()
                    .seconds()
                    .forEach(second -> lines.add('"' + run.getKey() + "\"," + second + ','
                            + run.getValue().quota()));
            top += HEIGHT + GAP;
        }
        Files.writeString(svg, picture.append("</svg>\n"));
        Files.write(csv, lines);
    }

    private static void draw(StringBuilder picture, String name, Run run, int top) {
        int seconds = Math.max(1, run.seconds().size());
        double most = run.quota() * 1.5;
        for (String line : run.seconds()) {
            String[] counts = line.split(",", -1);
            most = Math.max(most, Double.parseDouble(counts[1]) + Double.parseDouble(counts[2]));
        }
        double wide = (double) WIDTH / seconds;
        add(picture, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", LEFT, top - 8, name);
        for (String line : run.seconds()) {
            String[] counts = line.split(",", -1);
            double x = LEFT + Integer.parseInt(counts[0]) * wide;
            double taken = Double.parseDouble(counts[1]) / most * HEIGHT;
            double refused = Double.parseDouble(counts[2]) / most * HEIGHT;
            bar(picture, x, top + HEIGHT - taken, wide, taken, "#4a7fb5");
            bar(picture, x, top + HEIGHT - taken - refused, wide, refused, "#c8452d");
        }
        double quota = top + HEIGHT - run.quota() / most * HEIGHT;
        add(
                picture,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"black\" stroke-dasharray=\"6 4\"/>%n",
                LEFT,
                LEFT + WIDTH,
                quota,
                quota);
        add(picture, "<text x=\"4\" y=\"%.1f\">%.0f a s</text>%n", quota + 4, run.quota());
        add(
                picture,
                "<text x=\"%d\" y=\"%d\">0 to %d seconds; blue: taken, red: refused, dashed: the quota</text>%n",
                LEFT,
                top + HEIGHT + 16,
                seconds);
    }

    private static void bar(StringBuilder picture, double x, double y, double wide, double high, String colour) {
        if (high > 0) {
            add(
                    picture,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                    x,
                    y,
                    Math.max(0.5, wide - 0.5),
                    high,
                    colour);
        }
    }

    private static void add(StringBuilder picture, String format, Object... values) {
        picture.append(String.format(Locale.ROOT, format, values));
    }
}
