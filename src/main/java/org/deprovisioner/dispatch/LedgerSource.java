package org.deprovisioner.dispatch;

import java.util.List;

/**
 * Work that waits in the ledger, as the endpoint {@code ledger:<name>} takes it out.
 *
 * @param <T> what becomes the body of an exchange
 */
public interface LedgerSource<T> {

    /** Takes up to so much work; an empty list when there is none now. */
    List<T> take(int most);

    /** Gives work back that was taken and not begun. */
    default void giveBack(T work) {}
}
