// The registry of LDAP syntaxes (RFC 4517 s3.3): what a value of each may look like. As strict as OpenLDAP 2.5 for what
// people and programs write; what is binary or obsolete need only be there.
import { isDn } from '../dn.ts';
import { parseLdapBoolean } from './boolean.ts';
import { parseGeneralizedTime } from './generalized-time.ts';
import { isLdapInteger } from './integer.ts';
import { isPostalAddress } from './postal-address.ts';
import { PRINTABLE_STRING } from './printable-string.ts';
import { findText } from './utf8.ts';
import { isUuid } from './uuid.ts';

export interface Syntax {
  readonly oid: string;
  readonly name: string;
  /** Whether values are text for people; others are best shown as base64. */
  readonly text: boolean;
  readonly valid: (value: Uint8Array) => boolean;
}

const anything = (): boolean => true;
const something = (value: Uint8Array): boolean => value.length > 0;
const text =
  (valid: (text: string) => boolean) =>
  (value: Uint8Array): boolean => {
    const decoded = findText(value);
    return decoded !== undefined && valid(decoded);
  };
const matching = (pattern: RegExp) => text((value) => pattern.test(value));

const directoryString = text((value) => value !== '');
const ia5 = matching(/^[\0-\x7f]*$/);
const printable = matching(PRINTABLE_STRING);
const method = '(?:any|mhs|physical|telex|teletex|g3fax|g4fax|ia5|videotex|telephone)';
const uid = /#'[01]*'B$/;

const ARC = '1.3.6.1.4.1.1466.115.121.1';
const TEXT = true;
const OCTETS = false;

const table: readonly (readonly [oid: string, name: string, text: boolean, valid: Syntax['valid']])[] = [
  [`${ARC}.3`, 'Attribute Type Description', TEXT, directoryString],
  [`${ARC}.4`, 'Audio', OCTETS, anything],
  [`${ARC}.5`, 'Binary', OCTETS, anything],
  [`${ARC}.6`, 'Bit String', TEXT, matching(/^'[01]*'B$/)],
  [`${ARC}.7`, 'Boolean', TEXT, text((value) => parseLdapBoolean(value) !== undefined)],
  [`${ARC}.8`, 'Certificate', OCTETS, something],
  [`${ARC}.9`, 'Certificate List', OCTETS, something],
  [`${ARC}.10`, 'Certificate Pair', OCTETS, something],
  [`${ARC}.11`, 'Country String', TEXT, matching(/^[A-Za-z0-9'()+,\-./:=? ]{2}$/)],
  [`${ARC}.12`, 'DN', TEXT, text(isDn)],
  [`${ARC}.14`, 'Delivery Method', TEXT, matching(new RegExp(`^${method}(?: *\\$ *${method})*$`, 'i'))],
  [`${ARC}.15`, 'Directory String', TEXT, directoryString],
  [`${ARC}.21`, 'Enhanced Guide', TEXT, directoryString],
  [`${ARC}.22`, 'Facsimile Telephone Number', TEXT, matching(/^[A-Za-z0-9'()+,\-./:=? $]+$/)],
  [`${ARC}.23`, 'Fax', OCTETS, anything],
  [`${ARC}.24`, 'Generalized Time', TEXT, text((value) => parseGeneralizedTime(value) !== undefined)],
  [`${ARC}.25`, 'Guide', TEXT, directoryString],
  [`${ARC}.26`, 'IA5 String', TEXT, ia5],
  [`${ARC}.27`, 'INTEGER', TEXT, text(isLdapInteger)],
  [`${ARC}.28`, 'JPEG', OCTETS, anything],
  [`${ARC}.30`, 'Matching Rule Description', TEXT, directoryString],
  [`${ARC}.31`, 'Matching Rule Use Description', TEXT, directoryString],
  [`${ARC}.34`, 'Name And Optional UID', TEXT, text((value) => isDn(value.replace(uid, '')))],
  [`${ARC}.36`, 'Numeric String', TEXT, matching(/^[0-9 ]+$/)],
  [`${ARC}.37`, 'Object Class Description', TEXT, directoryString],
  [`${ARC}.38`, 'OID', TEXT, matching(/^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/)],
  [`${ARC}.39`, 'Other Mailbox', TEXT, matching(/^[^$]+\$/)],
  [`${ARC}.40`, 'Octet String', OCTETS, anything],
  [`${ARC}.41`, 'Postal Address', TEXT, text(isPostalAddress)],
  [`${ARC}.44`, 'Printable String', TEXT, printable],
  [`${ARC}.50`, 'Telephone Number', TEXT, printable],
  [`${ARC}.51`, 'Teletex Terminal Identifier', TEXT, directoryString],
  [`${ARC}.52`, 'Telex Number', TEXT, matching(/^[A-Za-z0-9'()+,\-./:=? $]+$/)],
  [`${ARC}.53`, 'UTC Time', TEXT, matching(/^\d{10}(?:\d\d)?(?:Z|[+-]\d{4})?$/)],
  [`${ARC}.54`, 'LDAP Syntax Description', TEXT, directoryString],
  ['1.3.6.1.1.16.1', 'UUID', TEXT, text(isUuid)],
  ['1.3.6.1.4.1.4203.666.11.2.1', 'CSN', TEXT, directoryString],
  // Active Directory: case-insensitive string, large integer, security descriptor, case-sensitive string.
  ['1.2.840.113556.1.4.905', 'CaseIgnoreString', TEXT, directoryString],
  ['1.2.840.113556.1.4.906', 'INTEGER8', TEXT, text(isLdapInteger)],
  ['1.2.840.113556.1.4.907', 'ObjectSecurityDescriptor', OCTETS, anything],
  ['1.2.840.113556.1.4.1362', 'CaseExactString', TEXT, directoryString],
];

const syntaxes: ReadonlyMap<string, Syntax> = new Map(
  table.map(([oid, name, isText, valid]) => [oid, { oid, name, text: isText, valid }]),
);

/** A syntax by its OID. */
export function findSyntax(oid: string): Syntax | undefined {
  return syntaxes.get(oid);
}

/** Whether a value keeps to a syntax; an unknown syntax takes anything. */
export function isValidValue(syntaxOid: string, value: Uint8Array): boolean {
  return syntaxes.get(syntaxOid)?.valid(value) ?? true;
}
