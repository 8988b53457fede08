// Remembers what was worked out for an object and a key, so that requests of the same shape work it out once. Bounded:
// clients choose the keys.

export type Recall<Owner extends object, Value> = (owner: Owner, key: string, make: () => Value) => Value;

/** `most` values per owner; with more, the oldest go. */
export function createMemory<Owner extends object, Value>(most: number): Recall<Owner, Value> {
  const owners = new WeakMap<Owner, Map<string, Value>>();
  return (owner, key, make) => {
    let values = owners.get(owner);
    if (values === undefined) {
      values = new Map();
      owners.set(owner, values);
    }
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = make();
    const [oldest] = values.keys();
    if (values.size >= most && oldest !== undefined) values.delete(oldest);
    values.set(key, value);
    return value;
  };
}
