// A directory port for tests of what the gateway does with answers: every operation is what the test says it is.

import type { LdapEntry } from '../../src/ldap/entry.ts';
import { LdapError } from '../../src/ldap/errors.ts';
import type { SearchRequest, SearchResult } from '../../src/ldap/operations.ts';
import type { DirectoryPort, SearchStream } from '../../src/ldap/port.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';

const done: SearchResult = { code: 0, controls: {}, references: [] };

export interface FakeDirectory extends DirectoryPort {
  /** In the order they came: the operation and its request. */
  readonly calls: (readonly [operation: string, request: object])[];
}

/** `answers.search` gives the entries; an operation that is not given succeeds. A thrown error is its answer. */
export function fakeDirectory(
  answers: Partial<Omit<DirectoryPort, 'search'>> & { search?: (request: SearchRequest) => readonly LdapEntry[] } = {},
): FakeDirectory {
  const calls: FakeDirectory['calls'] = [];
  const note =
    <Request extends object, Result>(
      operation: string,
      answer: ((request: Request) => Promise<Result>) | undefined,
      otherwise: Result,
    ) =>
    async (request: Request): Promise<Result> => {
      calls.push([operation, request]);
      return answer === undefined ? otherwise : await answer(request);
    };
  return {
    calls,
    search(request): SearchStream {
      calls.push(['search', request]);
      const run = async () => ({ entries: answers.search?.(request) ?? [], result: done });
      return {
        collect: run,
        async visit(take) {
          for (const entry of (await run()).entries) take(entry);
          return done;
        },
        result: Promise.resolve(done),
        async *[Symbol.asyncIterator]() {
          yield* (await run()).entries;
        },
      };
    },
    add: note('add', answers.add, { code: 0, controls: {} }),
    modify: note('modify', answers.modify, { code: 0, controls: {} }),
    modifyDn: note('modifyDn', answers.modifyDn, { code: 0, controls: {} }),
    delete: note('delete', answers.delete, { code: 0, controls: {} }),
    compare: note('compare', answers.compare, false),
    passwordModify: note('passwordModify', answers.passwordModify, undefined),
    rootDse: () => Promise.reject(new LdapError(32)),
    subschema: () => Promise.resolve(standardSubschema),
    close: () => Promise.resolve(),
  };
}
