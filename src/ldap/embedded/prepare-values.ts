import { parseDn } from '../dn.ts';
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import { DN_SYNTAX } from '../syntaxes/distinguished-name.ts';
import { isValidValue } from '../syntaxes/syntaxes.ts';
import { type LdapValue, toBytes } from '../value.ts';
import type { DirectoryState } from './directory-state.ts';
import { hashPassword } from './passwords.ts';
import { type AttributeDescription, ValueSet, valueKey } from './value-set.ts';

/** Looks an attribute up. Throws `LdapError` 17. */
export function getAttribute(state: DirectoryState, name: string): AttributeDescription {
  const attribute = state.describe(name);
  if (attribute === undefined)
    throw new LdapError(resultCode.undefinedAttributeType, `${name}: attribute type undefined`);
  return attribute;
}

/**
 * Values that a client or a file brought, held against the attribute's syntax, as a set. Passwords in the clear are hashed.
 * Throws `LdapError` with OpenLDAP's codes and texts: 17, 21, 19 for a second value of a SINGLE-VALUE attribute, 20.
 */
export function prepareValues(state: DirectoryState, name: string, values: readonly LdapValue[]): ValueSet {
  const attribute = getAttribute(state, name);
  const { type } = attribute;
  const octets = values.map(toBytes);
  octets.forEach((value, index) => {
    if (!isValid(state, attribute, value))
      throw new LdapError(resultCode.invalidAttributeSyntax, `${attribute.name}: value #${index} invalid per syntax`);
  });
  if (type.singleValue && octets.length > 1)
    throw new LdapError(resultCode.constraintViolation, `${attribute.name}: multiple values provided`);
  const set = ValueSet.of(attribute, attribute.key === 'userpassword' ? octets.map(hashPassword) : octets);
  if (set.size < octets.length)
    throw new LdapError(
      resultCode.attributeOrValueExists,
      `${attribute.name}: value #${firstRepeated(attribute, octets)} provided more than once`,
    );
  return state.share(set);
}

/** Which value comes again later. */
function firstRepeated({ type }: AttributeDescription, values: readonly Buffer[]): number {
  const keys = values.map((value) => valueKey(type, value));
  return keys.findIndex((key, index) => keys.lastIndexOf(key) !== index);
}

function isValid(state: DirectoryState, attribute: AttributeDescription, value: Buffer): boolean {
  if (attribute.key === 'objectclass') return state.subschema.objectClass(value.toString('utf8')) !== undefined;
  if (!isValidValue(attribute.type.syntax, value)) return false;
  return attribute.type.syntax !== DN_SYNTAX || namesKnownTypes(state, value.toString('utf8'));
}

/** OpenLDAP 2.5 takes no DN with attribute types that it does not know. */
function namesKnownTypes(state: DirectoryState, dn: string): boolean {
  return parseDn(dn).every((rdn) => rdn.every(({ type }) => state.describe(type) !== undefined));
}

/** Refuses what only the directory may write (RFC 4512 s2.5.1, NO-USER-MODIFICATION). Throws `LdapError` 19. */
export function refuseOperational(sets: Iterable<ValueSet>): void {
  for (const { attribute } of sets)
    if (attribute.type.noUserModification)
      throw new LdapError(resultCode.constraintViolation, `${attribute.name}: no user modification allowed`);
}
