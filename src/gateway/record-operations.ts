// Keeps a note of the writes of one request for the audit: operation, DN and attribute names, never a value, as any value
// may be a secret.

import { childDn } from '../ldap/dn.ts';
import type { Modification } from '../ldap/operations.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import type { LdapAttribute } from '../ldap/value.ts';
import { type SentOperation, watchDirectory } from '../ldap/watch-directory.ts';

export type OperationRecord = string[];

export function recordOperations(directory: DirectoryPort, record: OperationRecord): DirectoryPort {
  return watchDirectory(directory, (sent) => {
    const line = describeWrite(sent);
    if (line !== undefined) record.push(line);
  });
}

function describeWrite({ operation, request }: SentOperation): string | undefined {
  switch (operation) {
    case 'add':
      return `add ${request.dn} ${request.attributes.map(countValues).join(' ')}`;
    case 'modify':
      return `modify ${request.dn} ${request.modifications.map(describe).join(' ')}`;
    case 'modifyDn':
      return `modifyDn ${request.dn} -> ${childDn(request.newRdn, request.newSuperior ?? '')}`;
    case 'delete':
      return `delete ${request.dn}`;
    case 'passwordModify':
      return `passwordModify ${request.userIdentity}`;
    case 'search':
    case 'compare':
      return undefined;
  }
}

function countValues({ type, values }: LdapAttribute): string {
  return `${type}(${values.length})`;
}

function describe({ operation, attribute, values }: Modification): string {
  return `${operation}:${attribute}(${values.length})`;
}
