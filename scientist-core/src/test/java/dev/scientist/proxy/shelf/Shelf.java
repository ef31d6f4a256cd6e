package dev.scientist.proxy.shelf;

/**
 * An interface whose parameter nobody outside this package can name, though whoever implements it for one of the public
 * types need not.
 *
 * @param <T> what is put on it
 */
public interface Shelf<T extends Shelf.Item.Hidden> {

    /**
     * Puts something on it.
     *
     * @param item what
     * @return where
     */
    String put(T item);

    /** What can be named. */
    final class Item {

        private Item() {}

        /** What cannot. */
        abstract static class Hidden {}

        /** A book. */
        public static final class Book extends Hidden {}

        /** A vase. */
        public static final class Vase extends Hidden {}
    }
}
