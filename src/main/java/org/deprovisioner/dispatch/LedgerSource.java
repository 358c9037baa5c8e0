package org.deprovisioner.dispatch;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Work that waits in the ledger, as the endpoint {@code ledger:<name>} takes it out.
 *
 * @param <T> what becomes the body of an exchange
 */
public interface LedgerSource<T> {

    /**
     * Work that leaves by several channels, each of which takes all of it.
     *
     * @param <T> what becomes the body of an exchange
     */
    @FunctionalInterface
    interface ByChannel<T> {

        /** The work that one channel takes; the same object each time. */
        LedgerSource<T> of(String channel);
    }

    /** Takes up to so much work; an empty list when there is none now. */
    List<T> take(int most);

    /** Gives work back that was taken, and was not begun or has failed. */
    default void giveBack(T work) {}

    /**
     * The parts of it that may have work now, each of which is worked off with room of its own, so that trouble with one
     * never slows another. A part is the same object each time.
     */
    default Collection<LedgerSource<T>> parts() {
        return List.of(this);
    }

    /** The same work, while something holds; none otherwise. */
    default LedgerSource<T> onlyWhile(BooleanSupplier holds) {
        LedgerSource<T> whole = this;
        return new LedgerSource<>() {
            @Override
            public List<T> take(int most) {
                return whole.take(most);
            }

            @Override
            public void giveBack(T work) {
                whole.giveBack(work);
            }

            @Override
            public Collection<LedgerSource<T>> parts() {
                return holds.getAsBoolean() ? whole.parts() : List.of();
            }
        };
    }

    /**
     * The work of several tenants, each of which is a part.
     *
     * @param withWork those of the tenants that may have work now: asked for often, and cheap however many there are
     */
    static <T> LedgerSource<T> ofEach(
            Collection<String> tenants,
            Supplier<? extends Collection<String>> withWork,
            Function<String, LedgerSource<T>> work) {
        Map<String, LedgerSource<T>> parts =
                tenants.stream().collect(Collectors.toUnmodifiableMap(tenant -> tenant, work));
        return new LedgerSource<>() {
            @Override
            public List<T> take(int most) {
                throw new UnsupportedOperationException("Each tenant's work is taken by itself");
            }

            @Override
            public Collection<LedgerSource<T>> parts() {
                return withWork.get().stream()
                        .flatMap(tenant -> Stream.ofNullable(parts.get(tenant)))
                        .toList();
            }
        };
    }
}
