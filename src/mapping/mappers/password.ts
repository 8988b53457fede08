// The password: written by the Password Modify operation (RFC 3062), so that the directory hashes it and applies its
// policy, or as a plain attribute where the directory does that itself. It is never read and never compared (G34).
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { never } from '../bounds.ts';
import type { AttributeMapper } from '../mapper.ts';
import { unwritten } from './simple.ts';

/** `attribute` is the LDAP attribute to write; without it the directory is asked to set the password. */
export function passwordMapper(ref: AttributeRef, attribute: string | undefined): AttributeMapper {
  const base = { ...unwritten(ref), toScim: () => undefined, toFilter: () => never };
  if (attribute === undefined) return { ...base, passwordModify: true };
  const valuesOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
  return {
    ...base,
    writes: [attribute],
    unreadable: true,
    toLdap: (value) => new Map([[attribute, valuesOf(value)]]),
    // Whatever is there goes: userPassword takes several values, and each of them opens the account.
    toModifications: ({ after }) => [{ operation: 'replace', attribute, values: valuesOf(after) }],
  };
}
