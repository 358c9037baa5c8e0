package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deprovisioner.cli.Table.Column;
import org.deprovisioner.cli.Table.Fit;
import org.junit.jupiter.api.Test;

/** What a table makes of the room that it has. */
class TableTest {

    private record Room(String name, String place, long seats) {}

    private static List<String> printed(int width, Room... rooms) {
        Table<Room> table = new Table<>(
                List.of(
                        new Column<>("Name", Fit.NAME, Room::name),
                        new Column<>("Place", Fit.TEXT, Room::place),
                        new Column<>("Seats", Fit.NUMBER, room -> "%,d".formatted(room.seats()))),
                List.of(rooms),
                width);
        List<String> lines = new ArrayList<>();
        lines.add(table.heading((column, padded) -> padded));
        for (Room room : rooms) {
            lines.addAll(table.lines(room, (column, padded) -> padded));
        }
        table.noRoom("--json").ifPresent(lines::add);
        return lines;
    }

    @Test
    void columnsAreAsWideAsWhatIsInThem() {
        assertThat(printed(80, new Room("A1", "Ground floor", 1_200), new Room("Library", "", 8)))
                .containsExactly(
                        "Name     Place         Seats", //
                        "A1       Ground floor  1,200",
                        "Library                    8");
    }

    @Test
    void onANarrowTerminalTextsAreCutAndNumbersAreNot() {
        assertThat(printed(26, new Room("A1", "Ground floor, left", 1_200)))
                .containsExactly(
                        "Name  Place          Seats", //
                        "A1    Ground floor…  1,200");
    }

    @Test
    void aNameThatHasNoRoomIsWholeOnALineOfItsOwn() {
        assertThat(printed(26, new Room("the-large-hall", "West", 90)))
                .containsExactly(
                        "Name          Place  Seats", //
                        "the-large-hall",
                        "              West      90");
    }

    @Test
    void whereThereIsNoRoomForAllTheColumnsAtTheEndAreLeftOut() {
        assertThat(printed(20, new Room("the-large-hall", "West", 1_200)))
                .containsExactly(
                        "Name           Place", //
                        "the-large-hall",
                        "               West",
                        "No room here for: Seats. --json shows them.");
    }

    @Test
    void whatCameFromOutsideStaysInItsCell() {
        assertThat(printed(80, new Room("a\nb", "x", 1))).hasSize(2);
    }
}
