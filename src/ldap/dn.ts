// Distinguished names (RFC 4514): the one place that reads, builds and compares them. Everybody else passes them on as
// text. A directory prints the same name in its own way (OpenLDAP 2.5 turns `\,` into `\2C`), so names are compared by
// their keys, never as text.
import { LdapSyntaxError } from './errors.ts';
import type { SearchScope } from './operations.ts';
import { prepareText } from './string-preparation.ts';
import { findText } from './syntaxes/utf8.ts';
import { type LdapValue, toBytes } from './value.ts';

/** An attribute type and its value in an RDN. */
export interface AttributeTypeAndValue {
  readonly type: string;
  /** Text, or octets where they are not UTF-8. */
  readonly value: LdapValue;
  /** True where `value` is a BER encoding that we cannot look into; its text form is `#` and hex digits. */
  readonly ber?: true;
}

export type Rdn = readonly AttributeTypeAndValue[];
/** From the entry up to the root; empty for the root DSE. */
export type Dn = readonly Rdn[];

const TYPE = /(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)/y;
const HEX = /[0-9A-Fa-f]{2}/y;
const HEX_RUN = /(?:[0-9A-Fa-f]{2})+/y;
/** Everything that stands for itself inside a value. */
const RUN = /[^\0"+,;<>\\]+/y;
const ESCAPABLE = ' "#+,;<=>\\';
const NEEDS_ESCAPE = /^[ #]| $|["+,;<=>\\]|\p{Cc}/gu;
const PLAIN = "[\\w.@:/'()*!$%&?[\\]{}|~^`\\u00c0-\\u012f-]+";
/** What compares as it stands but for letter case: the common DN, not taken apart. */
const PLAIN_DN = new RegExp(`^(?:[A-Za-z][A-Za-z0-9-]*=${PLAIN}(?: ${PLAIN})*(?:,(?!$)|$))*$`);
const HEX_ESCAPES = Array.from({ length: 0x7f }, (_, code) => `\\${code.toString(16).padStart(2, '0')}`);
/** Starts the key of a text that is no DN; no key of a DN holds it. */
const NOT_A_DN = '\0';

/** Reads a DN (RFC 4514 s3); spaces around `,`, `+` and `=` are let pass. Throws `LdapSyntaxError`. */
export function parseDn(text: string): Dn {
  const rdns: Rdn[] = [];
  const cursor = { text, at: 0 };
  skipSpaces(cursor);
  if (cursor.at === text.length) return rdns;
  for (;;) {
    const rdn: AttributeTypeAndValue[] = [];
    for (;;) {
      rdn.push(parseTypeAndValue(cursor));
      if (text[cursor.at] !== '+') break;
      cursor.at++;
    }
    rdns.push(rdn);
    if (cursor.at === text.length) return rdns;
    if (text[cursor.at] !== ',') throw new LdapSyntaxError('unescaped special character in a DN', cursor.at);
    cursor.at++;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ') cursor.at++;
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

function parseTypeAndValue(cursor: Cursor): AttributeTypeAndValue {
  skipSpaces(cursor);
  const type = take(cursor, TYPE);
  if (type === undefined) throw new LdapSyntaxError('attribute type expected in a DN', cursor.at);
  skipSpaces(cursor);
  if (cursor.text[cursor.at] !== '=') throw new LdapSyntaxError('"=" expected in a DN', cursor.at);
  cursor.at++;
  skipSpaces(cursor);
  return cursor.text[cursor.at] === '#'
    ? { type, ...parseHexValue(cursor) }
    : { type, value: parseStringValue(cursor) };
}

function parseStringValue(cursor: Cursor): LdapValue {
  const { text } = cursor;
  let plain = '';
  /** Set as soon as an escaped octet was met: then the value is octets until it proves to be text. */
  let octets: Buffer[] | undefined;
  let significant = 0;
  for (;;) {
    const run = take(cursor, RUN);
    if (run !== undefined) {
      plain += run;
      let kept = run.length;
      while (run[kept - 1] === ' ') kept--;
      if (kept > 0) significant = plain.length - run.length + kept;
      continue;
    }
    if (text[cursor.at] !== '\\') break;
    cursor.at++;
    const pair = take(cursor, HEX);
    const escaped = text[cursor.at];
    if (pair !== undefined) {
      octets ??= [];
      octets.push(Buffer.from(plain, 'utf8'), Buffer.from(pair, 'hex'));
      plain = '';
      significant = 0;
    } else if (escaped !== undefined && ESCAPABLE.includes(escaped)) {
      plain += escaped;
      significant = plain.length;
      cursor.at++;
    } else throw new LdapSyntaxError('"\\" must be followed by a special character or two hex digits', cursor.at);
  }
  const rest = plain.slice(0, significant);
  return octets === undefined ? rest : textOrOctets(Buffer.concat([...octets, Buffer.from(rest, 'utf8')]));
}

function parseHexValue(cursor: Cursor): Omit<AttributeTypeAndValue, 'type'> {
  cursor.at++;
  const hex = take(cursor, HEX_RUN);
  if (hex === undefined) throw new LdapSyntaxError('hex digits expected after "#"', cursor.at);
  skipSpaces(cursor);
  const ber = Buffer.from(hex, 'hex');
  const content = berStringContent(ber);
  return content === undefined ? { value: ber, ber: true } : { value: textOrOctets(content) };
}

/** The octets inside a primitive string type of ASN.1 in BER with a length in short form, or in long form of one octet. */
function berStringContent(ber: Buffer): Buffer | undefined {
  const [tag, length] = ber;
  // OCTET STRING, UTF8String, PrintableString, IA5String: their content is the LDAP value as it stands.
  if (tag !== 0x04 && tag !== 0x0c && tag !== 0x13 && tag !== 0x16) return undefined;
  if (length !== undefined && length < 0x80) return ber.length === 2 + length ? ber.subarray(2) : undefined;
  return length === 0x81 && ber.length === 3 + (ber[2] ?? 0) ? ber.subarray(3) : undefined;
}

function textOrOctets(octets: Uint8Array): LdapValue {
  return findText(octets) ?? octets;
}

/** Prints a DN by RFC 4514 s2. */
export function printDn(dn: Dn): string {
  return dn.map((rdn) => rdn.map(printTypeAndValue).join('+')).join(',');
}

function printTypeAndValue({ type, value, ber }: AttributeTypeAndValue): string {
  return ber ? `${type}=#${toBytes(value).toString('hex')}` : rdnText(type, value);
}

/** `type=value` with the value escaped (RFC 4514 s2.4), whatever it holds; octets that are not UTF-8 become `\xx`. */
export function rdnText(type: string, value: LdapValue): string {
  const text = typeof value === 'string' ? value : textOrOctets(value);
  return `${type}=${typeof text === 'string' ? escapeText(text) : escapeOctets(text)}`;
}

function escapeText(text: string): string {
  return text.replace(NEEDS_ESCAPE, (found) => (ESCAPABLE.slice(1).includes(found) ? `\\${found}` : hexEscape(found)));
}

function escapeOctets(octets: Uint8Array): string {
  return Array.from(octets, (octet) => {
    const character = String.fromCharCode(octet);
    return /[A-Za-z0-9]/.test(character) ? character : `\\${octet.toString(16).padStart(2, '0')}`;
  }).join('');
}

function hexEscape(character: string): string {
  if (character < '\x7f') return HEX_ESCAPES[character.charCodeAt(0)] ?? '';
  return Buffer.from(character, 'utf8')
    .toString('hex')
    .replace(/../g, (pair) => `\\${pair}`);
}

/**
 * The key under which two spellings of one DN are the same: types and values folded (RFC 4518), the parts of an RDN sorted,
 * specials as hex, so that a comma in a key always separates RDNs. Never throws: a text that is no DN has a key of its own.
 */
export function dnKey(text: string): string {
  if (PLAIN_DN.test(text)) return text.toLowerCase();
  try {
    return parseDn(text).map(rdnKey).join(',');
  } catch {
    return NOT_A_DN + text;
  }
}

function rdnKey(rdn: Rdn): string {
  const [only] = rdn;
  return rdn.length === 1 && only !== undefined ? typeAndValueKey(only) : rdn.map(typeAndValueKey).sort().join('+');
}

function typeAndValueKey({ type, value, ber }: AttributeTypeAndValue): string {
  if (ber) return `${type.toLowerCase()}=#${toBytes(value).toString('hex')}`;
  if (typeof value !== 'string') return `${type.toLowerCase()}=${escapeOctets(value)}`;
  return `${type.toLowerCase()}=${prepareText(value, true).replace(NEEDS_ESCAPE, hexEscape)}`;
}

/** Whether the text is a DN. */
export function isDn(text: string): boolean {
  return !dnKey(text).startsWith(NOT_A_DN);
}

/** The DN of a child; both parts are DN text already. */
export function childDn(rdn: string, parent: string): string {
  return parent === '' ? rdn : `${rdn},${parent}`;
}

/** The DN without its first RDN, as text; '' where there is no more. */
export function parentDn(text: string): string {
  const comma = firstComma(text);
  return comma === -1 ? '' : text.slice(comma + 1).trimStart();
}

/** The first RDN, as text; '' for the empty DN. */
export function firstRdn(text: string): string {
  const comma = firstComma(text);
  return comma === -1 ? text : text.slice(0, comma);
}

function firstComma(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') return at;
  }
  return -1;
}

/** The value of an attribute in the first RDN, unescaped; undefined where it is not there or is not text. */
export function rdnValue(dnText: string, type: string): string | undefined {
  let rdn: Rdn | undefined;
  try {
    rdn = parseDn(firstRdn(dnText))[0];
  } catch {
    return undefined;
  }
  const wanted = type.toLowerCase();
  const value = rdn?.find((part) => part.type.toLowerCase() === wanted)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Whether a DN lies in the scope of a search below `baseText` (RFC 4511 s4.5.1.2). A text that is no DN lies nowhere. */
export function isWithin(dnText: string, baseText: string, scope: SearchScope): boolean {
  const key = dnKey(dnText);
  const base = dnKey(baseText);
  if (key.startsWith(NOT_A_DN) || base.startsWith(NOT_A_DN)) return false;
  switch (scope) {
    case 'base':
      return key === base;
    case 'one':
      return key !== '' && key.slice(key.includes(',') ? key.indexOf(',') + 1 : key.length) === base;
    case 'subtree':
      return key === base || base === '' || key.endsWith(`,${base}`);
  }
}
