// A directory port that keeps what is asked of it together with what comes back and how long that took; secrets are masked
// before anything is kept.
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import type { Modification } from '../ldap/operations.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { resultCodeName } from '../ldap/result-codes.ts';
import type { LdapAttribute } from '../ldap/value.ts';
import { type SentOperation, watchEntries } from '../ldap/watch-directory.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import { isSecret } from '../scim/filter/resolve.ts';

export interface WatchedOperation {
  readonly sent: SentOperation;
  milliseconds: number | undefined;
  /** Of a search, as far as it was read. */
  entries: LdapEntry[];
  /** Of a compare. */
  holds?: boolean;
  /** What the directory refused it with. */
  refusal?: string;
}

export function watchOperations(
  directory: DirectoryPort,
  mapping: CompiledMapping,
): { readonly directory: DirectoryPort; readonly operations: readonly WatchedOperation[] } {
  const operations: WatchedOperation[] = [];
  const secrets = secretAttributes(mapping);
  const begin = (sent: SentOperation): { readonly noted: WatchedOperation; readonly since: number } => {
    const noted: WatchedOperation = { sent: maskOperation(sent, secrets), milliseconds: undefined, entries: [] };
    operations.push(noted);
    return { noted, since: performance.now() };
  };
  const watch = async <T>(sent: SentOperation, work: () => Promise<T>): Promise<T> => {
    const { noted, since } = begin(sent);
    try {
      const answer = await work();
      if (typeof answer === 'boolean') noted.holds = answer;
      return answer;
    } catch (error) {
      noted.refusal = describeRefusal(error);
      throw error;
    } finally {
      noted.milliseconds = performance.now() - since;
    }
  };
  return {
    operations,
    directory: {
      search(request, options) {
        const { noted, since } = begin({ operation: 'search', request });
        const end = (): void => {
          noted.milliseconds = performance.now() - since;
        };
        const stream = watchEntries(directory.search(request, options), (entry) => void noted.entries.push(entry));
        stream.result.then(end, (error: unknown) => {
          // Who has seen enough and leaves is not refused.
          if (!isAbort(error)) noted.refusal = describeRefusal(error);
          end();
        });
        return stream;
      },
      add: (request, options) => watch({ operation: 'add', request }, () => directory.add(request, options)),
      modify: (request, options) => watch({ operation: 'modify', request }, () => directory.modify(request, options)),
      modifyDn: (request, options) =>
        watch({ operation: 'modifyDn', request }, () => directory.modifyDn(request, options)),
      delete: (request, options) => watch({ operation: 'delete', request }, () => directory.delete(request, options)),
      compare: (request, options) =>
        watch({ operation: 'compare', request }, () => directory.compare(request, options)),
      passwordModify: (request, options) =>
        watch({ operation: 'passwordModify', request }, () => directory.passwordModify(request, options)),
      rootDse: (options) => directory.rootDse(options),
      subschema: (options) => directory.subschema(options),
      close: () => directory.close(),
    },
  };
}

const MASK = '********';

/** LDAP attributes, in lower case, that hold what no client gets to see. */
function secretAttributes(mapping: CompiledMapping): ReadonlySet<string> {
  const names = mapping.resourceTypes.flatMap(({ mappers }) =>
    mappers
      .filter(({ ref, passwordWrite }) => isSecret(ref) || passwordWrite !== undefined)
      .flatMap(({ writes, passwordWrite }) => [...writes, passwordWrite?.toModification?.('').attribute ?? []].flat()),
  );
  return new Set(names.map((name) => name.toLowerCase()));
}

function maskOperation(sent: SentOperation, secrets: ReadonlySet<string>): SentOperation {
  const isHidden = (name: string): boolean => secrets.has(name.toLowerCase());
  switch (sent.operation) {
    case 'add': {
      const attributes = sent.request.attributes.map(
        (each): LdapAttribute => (isHidden(each.type) ? { type: each.type, values: [MASK] } : each),
      );
      return { ...sent, request: { ...sent.request, attributes } };
    }
    case 'modify': {
      const modifications = sent.request.modifications.map(
        (each): Modification =>
          isHidden(each.attribute) && each.values.length > 0 ? { ...each, values: [MASK] } : each,
      );
      return { ...sent, request: { ...sent.request, modifications } };
    }
    case 'passwordModify':
      return { ...sent, request: { userIdentity: sent.request.userIdentity, newPassword: MASK } };
    case 'search':
    case 'modifyDn':
    case 'delete':
    case 'compare':
      return sent;
  }
}

function describeRefusal(error: unknown): string {
  if (error instanceof LdapError)
    return `${resultCodeName(error.code)} (${error.code})${error.diagnosticMessage === '' ? '' : `: ${error.diagnosticMessage}`}`;
  return error instanceof Error ? error.message : String(error);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
