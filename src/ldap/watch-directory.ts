// A directory port that says what it is asked, before it asks: for the audit, the documents, and tests of what is sent.

import type { LdapEntry } from './entry.ts';
import type {
  AddRequest,
  CompareRequest,
  DeleteRequest,
  ModifyDnRequest,
  ModifyRequest,
  PasswordModifyRequest,
  SearchRequest,
} from './operations.ts';
import type { DirectoryPort, SearchStream } from './port.ts';

export type SentOperation =
  | { readonly operation: 'search'; readonly request: SearchRequest }
  | { readonly operation: 'add'; readonly request: AddRequest }
  | { readonly operation: 'modify'; readonly request: ModifyRequest }
  | { readonly operation: 'modifyDn'; readonly request: ModifyDnRequest }
  | { readonly operation: 'delete'; readonly request: DeleteRequest }
  | { readonly operation: 'compare'; readonly request: CompareRequest }
  | { readonly operation: 'passwordModify'; readonly request: PasswordModifyRequest };

/** `sending` hears of every operation but the kept root DSE and subschema, values and passwords included. */
export function watchDirectory(directory: DirectoryPort, sending: (sent: SentOperation) => void): DirectoryPort {
  return {
    search(request, options) {
      sending({ operation: 'search', request });
      return directory.search(request, options);
    },
    add(request, options) {
      sending({ operation: 'add', request });
      return directory.add(request, options);
    },
    modify(request, options) {
      sending({ operation: 'modify', request });
      return directory.modify(request, options);
    },
    modifyDn(request, options) {
      sending({ operation: 'modifyDn', request });
      return directory.modifyDn(request, options);
    },
    delete(request, options) {
      sending({ operation: 'delete', request });
      return directory.delete(request, options);
    },
    compare(request, options) {
      sending({ operation: 'compare', request });
      return directory.compare(request, options);
    },
    passwordModify(request, options) {
      sending({ operation: 'passwordModify', request });
      return directory.passwordModify(request, options);
    },
    rootDse: (options) => directory.rootDse(options),
    subschema: (options) => directory.subschema(options),
    close: () => directory.close(),
  };
}

/** The same stream; `see` is shown every entry before its reader is. */
export function watchEntries(stream: SearchStream, see: (entry: LdapEntry) => void): SearchStream {
  return {
    visit: (take) =>
      stream.visit((entry) => {
        see(entry);
        take(entry);
      }),
    async collect() {
      const answer = await stream.collect();
      answer.entries.forEach(see);
      return answer;
    },
    result: stream.result,
    async *[Symbol.asyncIterator]() {
      for await (const entry of stream) {
        see(entry);
        yield entry;
      }
    },
  };
}
