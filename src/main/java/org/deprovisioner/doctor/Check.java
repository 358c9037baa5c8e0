package org.deprovisioner.doctor;

import java.util.List;

/** One thing that is looked at. */
public interface Check {

    /** Looks, and changes nothing. */
    List<Remark> look() throws Exception;
}
