package org.deprovisioner.listing;

/** Is told how a listing goes on, while somebody waits for it. */
public interface Progress {

    /** A page was read; the tally is as it stands now. */
    void read(Tally tally);

    /** Something is waited for, as this sentence says. */
    void waits(String sentence);
}
