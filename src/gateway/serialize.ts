// Read-change-write rounds of one resource go one after the other within this process: the version guard is what makes
// them safe, this keeps a busy resource from making them fail and start over.

export type Serialize = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createSerialize(): Serialize {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
