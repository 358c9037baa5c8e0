package org.deprovisioner.dispatch;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Work that waits in the ledger, as the endpoint {@code ledger:<name>} takes it out.
 *
 * @param <T> what becomes the body of an exchange
 */
public interface LedgerSource<T> {

    /** Takes up to so much work; an empty list when there is none now. */
    List<T> take(int most);

    /** Gives work back that was taken, and was not begun or has failed. */
    default void giveBack(T work) {}

    /** The parts of it that are worked off side by side, so that trouble with one never slows another. */
    default List<LedgerSource<T>> parts() {
        return List.of(this);
    }

    /** The work of several tenants, each of which is a part. */
    static <T> LedgerSource<T> ofEach(Collection<String> tenants, Function<String, LedgerSource<T>> work) {
        List<LedgerSource<T>> parts = tenants.stream().map(work).toList();
        return new LedgerSource<>() {
            @Override
            public List<T> take(int most) {
                throw new UnsupportedOperationException("Each tenant's work is taken by itself");
            }

            @Override
            public List<LedgerSource<T>> parts() {
                return parts;
            }
        };
    }
}
