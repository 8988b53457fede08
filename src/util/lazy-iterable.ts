// Elements that are made when somebody reads them, anew for each who does. A class, and no object literal with a method
// `[Symbol.iterator]`: V8 13.6 (Node 24.21) gives each such literal a hidden class of its own, which keeps the method, and all
// that it leads to, until the next full collection. One of them in the answer of a list kept a fifth of all that was allocated.

export class LazyIterable<T> implements Iterable<T> {
  readonly #read: () => Iterator<T>;

  constructor(read: () => Iterator<T>) {
    this.#read = read;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#read();
  }
}

/** With the number of elements known before. */
export class LazyList<T> extends LazyIterable<T> {
  readonly length: number;

  constructor(length: number, read: () => Iterator<T>) {
    super(read);
    this.length = length;
  }
}
