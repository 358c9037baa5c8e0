package org.deprovisioner.request;

import java.util.List;

/**
 * One row as it was handed over, before it is looked at.
 *
 * @param line where it begins, as in {@link Row#line()}
 * @param cells its own cells, as in {@link Row#cells()}
 * @param raw its text, character by character
 */
record Entry(long line, List<String> cells, String raw) {}
