// The password: written by the Password Modify operation (RFC 3062), so that the directory hashes it and applies its
// policy, or as an attribute where the directory does that itself. It is never read and never compared (G34).
import type { Modification } from '../../ldap/operations.ts';
import { badRequest } from '../../scim/error.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { never } from '../bounds.ts';
import type { AttributeMapper } from '../mapper.ts';
import { unwritten } from './simple.ts';

export interface PasswordRule {
  readonly write: 'passwordModify' | 'attribute' | 'quotedUtf16';
  /** Absent with `passwordModify`. */
  readonly attribute: string;
  /** LDAP attributes and the values that they get with each new password. */
  readonly along: ReadonlyMap<string, readonly string[]>;
  /** A new resource without a password gets one that nobody knows. */
  readonly generate: boolean;
}

export function passwordMapper(
  ref: AttributeRef,
  { write, attribute, along, generate }: PasswordRule,
): AttributeMapper {
  const base = { ...unwritten(ref), toScim: () => undefined, toFilter: () => never };
  const others = [...along].map(([name, values]): Modification => ({ operation: 'replace', attribute: name, values }));
  switch (write) {
    case 'passwordModify':
      return { ...base, passwordWrite: { along: others, generate } };
    case 'quotedUtf16':
      return {
        ...base,
        passwordWrite: {
          toModification: (password) => ({ operation: 'replace', attribute, values: [quotedUtf16(password)] }),
          along: others,
          generate,
        },
      };
    case 'attribute': {
      const valuesOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
      return {
        ...base,
        writes: [attribute, ...along.keys()],
        unreadable: true,
        toLdap: (value) => new Map([[attribute, valuesOf(value)], ...(typeof value === 'string' ? along : [])]),
        // Whatever is there goes: userPassword takes several values, and each of them opens the account.
        toModifications: ({ after }) => [
          { operation: 'replace', attribute, values: valuesOf(after) },
          ...(typeof after === 'string' ? others : []),
        ],
      };
    }
  }
}

/** The form of unicodePwd (MS-ADTS 3.1.1.3.1.5.1): in double quotes, UTF-16 with the low octet first. */
function quotedUtf16(password: string): Buffer {
  // Half a surrogate pair is a password that nobody can type.
  if (!password.isWellFormed()) throw badRequest('invalidValue', 'password must be well-formed Unicode.');
  return Buffer.from(`"${password}"`, 'utf16le');
}
