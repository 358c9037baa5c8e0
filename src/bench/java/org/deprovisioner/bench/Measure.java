package org.deprovisioner.bench;

import java.util.List;

/** One thing to measure. */
interface Measure {

    /** Measures it, in so many rounds. */
    List<Row> take(Ground ground, Bench options) throws Exception;
}
