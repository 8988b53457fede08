// Keeps a note of the writes of one request for the audit: operation, DN and attribute names, never a value, as any value
// may be a secret.

import type { Modification } from '../ldap/operations.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import type { LdapAttribute } from '../ldap/value.ts';

export type OperationRecord = string[];

export function recordOperations(directory: DirectoryPort, record: OperationRecord): DirectoryPort {
  return {
    search: (request, options) => directory.search(request, options),
    compare: (request, options) => directory.compare(request, options),
    rootDse: (options) => directory.rootDse(options),
    subschema: (options) => directory.subschema(options),
    close: () => directory.close(),
    add(request, options) {
      record.push(`add ${request.dn} ${request.attributes.map(countValues).join(' ')}`);
      return directory.add(request, options);
    },
    modify(request, options) {
      record.push(`modify ${request.dn} ${request.modifications.map(describe).join(' ')}`);
      return directory.modify(request, options);
    },
    modifyDn(request, options) {
      record.push(`modifyDn ${request.dn} -> ${request.newRdn}`);
      return directory.modifyDn(request, options);
    },
    delete(request, options) {
      record.push(`delete ${request.dn}`);
      return directory.delete(request, options);
    },
    passwordModify(request, options) {
      record.push(`passwordModify ${request.userIdentity}`);
      return directory.passwordModify(request, options);
    },
  };
}

function countValues({ type, values }: LdapAttribute): string {
  return `${type}(${values.length})`;
}

function describe({ operation, attribute, values }: Modification): string {
  return `${operation}:${attribute}(${values.length})`;
}
