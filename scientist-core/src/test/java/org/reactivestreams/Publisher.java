package org.reactivestreams;

/** Stands in for that of Reactive Streams. */
public interface Publisher<T> {}
