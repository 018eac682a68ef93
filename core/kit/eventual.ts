/**
 * A value that is here, or comes. What reads many small things gives at once what is in memory: to wait costs a promise each,
 * which is more than most of them take to be decoded. Whoever awaits it need not know; hot loops ask first.
 */
export type Eventual<T> = T | Promise<T>;

/** What `make` makes of the value, at once where that is here. */
export function whenHere<T, R>(value: Eventual<T>, make: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(make) : make(value);
}
