package org.deprovisioner.request;

import java.util.Optional;

/**
 * The text of one row of a file, not yet split into cells.
 *
 * @param line the physical line on which it begins, counted from 1
 * @param text the row as it stands in the file, without the line end behind it
 * @param flaw why it cannot be split
 */
record RawRow(long line, String text, Optional<InvalidCellException> flaw) {}
