// Matching rules (RFC 4517 s4 and their cousins) as data: how values of a kind are brought to a key under which equal
// ones are the same, how keys are ordered, how text is searched for parts. Nothing here knows entries or schemas.
import { dnKey, isDn } from './dn.ts';
import { prepareSubstring, prepareText } from './string-preparation.ts';
import { parseLdapBoolean } from './syntaxes/boolean.ts';
import { parseGeneralizedTime } from './syntaxes/generalized-time.ts';
import { compareLdapIntegers, isLdapInteger } from './syntaxes/integer.ts';
import { isPostalAddress, parsePostalAddress } from './syntaxes/postal-address.ts';
import { PRINTABLE_STRING } from './syntaxes/printable-string.ts';
import { findText } from './syntaxes/utf8.ts';
import { isUuid } from './syntaxes/uuid.ts';
import { type LdapValue, toBytes } from './value.ts';

/** The parts of a substring assertion (RFC 4511 s4.5.1.7.2). */
export interface SubstringParts {
  readonly initial?: LdapValue;
  readonly any: readonly LdapValue[];
  readonly final?: LdapValue;
}

type Ends = Parameters<typeof prepareSubstring>[2];

/** One way of comparing, shared by the equality, ordering and substring rules built on it. */
interface Comparison {
  /** Undefined where the value is malformed. */
  readonly key: (value: Uint8Array) => string | undefined;
  /** Order of two keys. */
  readonly compare?: (a: string, b: string) => number;
  /** A whole value, or one part of an assertion, made ready to be searched. */
  readonly part?: (value: Uint8Array, ends: Ends) => string | undefined;
}

type Use = 'equality' | 'ordering' | 'substrings';

interface MatchingRule {
  readonly use: Use;
  readonly comparison: Comparison;
}

const onText =
  <A extends readonly unknown[]>(convert: (text: string, ...rest: A) => string | undefined) =>
  (value: Uint8Array, ...rest: A): string | undefined => {
    const text = findText(value);
    return text === undefined ? undefined : convert(text, ...rest);
  };
const where = (valid: (text: string) => boolean, convert = (text: string): string => text) =>
  onText((text) => (valid(text) ? convert(text) : undefined));
const lower = (text: string): string => text.toLowerCase();
const byCharacters = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** UTF-8 octets order as code points do; UTF-16 units do not. */
const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const latin1 = (value: Uint8Array): string => toBytes(value).toString('latin1');

function text(fold: boolean, valid: RegExp): Comparison {
  return {
    key: where(
      (value) => valid.test(value),
      (value) => prepareText(value, fold),
    ),
    compare: byCodePoints,
    part: onText((value, ends: Ends) => (valid.test(value) ? prepareSubstring(value, fold, ends) : undefined)),
  };
}

function stripped(ignored: RegExp, valid: RegExp): Comparison {
  const strip = (value: string): string => value.replace(ignored, '').toLowerCase();
  return {
    key: where((value) => valid.test(value), strip),
    compare: byCharacters,
    part: onText((value) => (valid.test(value) ? strip(value) : undefined)),
  };
}

/** Directory String is never empty (RFC 4517 s3.3.6); IA5 String may be. */
const NOT_EMPTY = /./s;
function onLines(value: string, prepare: (line: string) => string): string | undefined {
  return isPostalAddress(value) ? parsePostalAddress(value).map(prepare).join('\n') : undefined;
}

const ASCII = /^[\0-\x7f]*$/;
const caseIgnore = text(true, NOT_EMPTY);
const caseExact = text(false, NOT_EMPTY);
const caseIgnoreIa5 = text(true, ASCII);
const caseExactIa5 = text(false, ASCII);
const numeric = stripped(/ +/g, /^[0-9 ]+$/);
// Hyphens of every kind (RFC 4518 s2.6.3).
const telephone = stripped(/[\s\-\u058a\u2010\u2011\u2212\ufe63\uff0d]+/g, PRINTABLE_STRING);
const octets: Comparison = { key: latin1, compare: byCharacters, part: (value) => latin1(value) };
const integer: Comparison = { key: where(isLdapInteger), compare: compareLdapIntegers };
const boolean: Comparison = { key: where((value) => parseLdapBoolean(value) !== undefined) };
const uuid: Comparison = { key: where(isUuid, lower), compare: byCharacters };
const CSN = /^\d{14}(?:\.\d{6})?Z#[0-9a-f]{6}#[0-9a-f]{2,3}#[0-9a-f]{6}$/i;
const csn: Comparison = { key: where((value) => CSN.test(value), lower), compare: byCharacters };
const time: Comparison = {
  key: onText((value) => parseGeneralizedTime(value)?.toString()),
  compare: (a, b) => Number(a) - Number(b),
};
const dn: Comparison = { key: where(isDn, dnKey) };
/** A DN and perhaps `#'0101'B` (RFC 4517 s3.3.21). */
const nameAndUid: Comparison = {
  key: onText((value) => {
    const uid = /#'[01]*'B$/.exec(value)?.[0] ?? '';
    const name = value.slice(0, value.length - uid.length);
    return isDn(name) ? `${dnKey(name)}${uid}` : undefined;
  }),
};
const objectIdentifier: Comparison = {
  key: where((value) => /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/.test(value), lower),
};
const bitString: Comparison = { key: where((value) => /^'[01]*'B$/.test(value)) };
const caseIgnoreList: Comparison = {
  key: onText((value) => onLines(value, (line) => prepareText(line, true))),
  part: onText((value, ends: Ends) => onLines(value, (line) => prepareSubstring(line, true, ends))),
};
/** The OID or number that a definition starts with: `( 2.5.4.3 NAME ... )`. */
const firstComponent: Comparison = {
  key: onText((value) => /^\s*\(\s*([^\s()]+)|^([^\s()]+)$/.exec(value)?.slice(1).find(Boolean)?.toLowerCase()),
};

const table: readonly (readonly [name: string, oid: string, use: Use, comparison: Comparison])[] = [
  ['objectIdentifierMatch', '2.5.13.0', 'equality', objectIdentifier],
  ['distinguishedNameMatch', '2.5.13.1', 'equality', dn],
  ['caseIgnoreMatch', '2.5.13.2', 'equality', caseIgnore],
  ['caseIgnoreOrderingMatch', '2.5.13.3', 'ordering', caseIgnore],
  ['caseIgnoreSubstringsMatch', '2.5.13.4', 'substrings', caseIgnore],
  ['caseExactMatch', '2.5.13.5', 'equality', caseExact],
  ['caseExactOrderingMatch', '2.5.13.6', 'ordering', caseExact],
  ['caseExactSubstringsMatch', '2.5.13.7', 'substrings', caseExact],
  ['numericStringMatch', '2.5.13.8', 'equality', numeric],
  ['numericStringOrderingMatch', '2.5.13.9', 'ordering', numeric],
  ['numericStringSubstringsMatch', '2.5.13.10', 'substrings', numeric],
  ['caseIgnoreListMatch', '2.5.13.11', 'equality', caseIgnoreList],
  ['caseIgnoreListSubstringsMatch', '2.5.13.12', 'substrings', caseIgnoreList],
  ['booleanMatch', '2.5.13.13', 'equality', boolean],
  ['integerMatch', '2.5.13.14', 'equality', integer],
  ['integerOrderingMatch', '2.5.13.15', 'ordering', integer],
  ['bitStringMatch', '2.5.13.16', 'equality', bitString],
  ['octetStringMatch', '2.5.13.17', 'equality', octets],
  ['octetStringOrderingMatch', '2.5.13.18', 'ordering', octets],
  ['octetStringSubstringsMatch', '2.5.13.19', 'substrings', octets],
  ['telephoneNumberMatch', '2.5.13.20', 'equality', telephone],
  ['telephoneNumberSubstringsMatch', '2.5.13.21', 'substrings', telephone],
  ['uniqueMemberMatch', '2.5.13.23', 'equality', nameAndUid],
  ['generalizedTimeMatch', '2.5.13.27', 'equality', time],
  ['generalizedTimeOrderingMatch', '2.5.13.28', 'ordering', time],
  ['integerFirstComponentMatch', '2.5.13.29', 'equality', firstComponent],
  ['objectIdentifierFirstComponentMatch', '2.5.13.30', 'equality', firstComponent],
  ['caseExactIA5Match', '1.3.6.1.4.1.1466.109.114.1', 'equality', caseExactIa5],
  ['caseIgnoreIA5Match', '1.3.6.1.4.1.1466.109.114.2', 'equality', caseIgnoreIa5],
  ['caseIgnoreIA5SubstringsMatch', '1.3.6.1.4.1.1466.109.114.3', 'substrings', caseIgnoreIa5],
  ['caseExactIA5SubstringsMatch', '1.3.6.1.4.1.4203.1.2.1', 'substrings', caseExactIa5],
  ['UUIDMatch', '1.3.6.1.1.16.2', 'equality', uuid],
  ['UUIDOrderingMatch', '1.3.6.1.1.16.3', 'ordering', uuid],
  // OpenLDAP 2.5: change sequence numbers, fixed in width, so that they order as text.
  ['CSNMatch', '1.3.6.1.4.1.4203.666.11.2.2', 'equality', csn],
  ['CSNOrderingMatch', '1.3.6.1.4.1.4203.666.11.2.3', 'ordering', csn],
];

const rules: ReadonlyMap<string, MatchingRule> = new Map(
  table.flatMap(([name, oid, use, comparison]) => {
    const rule: MatchingRule = { use, comparison };
    return [
      [name, rule],
      [name.toLowerCase(), rule],
      [oid, rule],
    ];
  }),
);

function findRule(name: string, use: Use): Comparison | undefined {
  const rule = rules.get(name) ?? rules.get(name.toLowerCase());
  return rule?.use === use ? rule.comparison : undefined;
}

/** Whether an equality rule of this name or OID can be applied. */
export function knowsEqualityRule(rule: string): boolean {
  return findRule(rule, 'equality') !== undefined;
}

/**
 * The key of a value under an equality rule, by name or OID; undefined where the rule is unknown or the value malformed.
 * Two values match where their keys are the same.
 */
export function findEqualityKey(rule: string, value: LdapValue): string | undefined {
  return findRule(rule, 'equality')?.key(toBytes(value));
}

/** As `findEqualityKey`, but never undefined: where the rule says nothing, octets stand for themselves. */
export function equalityKey(rule: string | undefined, value: LdapValue): string {
  return (rule === undefined ? undefined : findEqualityKey(rule, value)) ?? `\0${latin1(toBytes(value))}`;
}

/** Order of two values under an ordering rule: negative where `a` is less; undefined as in `findEqualityKey`. */
export function compareOrdering(rule: string, a: LdapValue, b: LdapValue): number | undefined {
  const comparison = findRule(rule, 'ordering');
  const keyA = comparison?.key(toBytes(a));
  const keyB = comparison?.key(toBytes(b));
  return keyA === undefined || keyB === undefined ? undefined : comparison?.compare?.(keyA, keyB);
}

/** Whether a value has the parts in their order, without overlap; undefined as in `findEqualityKey`. */
export function matchSubstrings(rule: string, value: LdapValue, parts: SubstringParts): boolean | undefined {
  return compileSubstrings(rule, parts)?.(toBytes(value));
}

/** A substring assertion made ready for many values; undefined where the rule is unknown or a part malformed. */
export function compileSubstrings(
  rule: string,
  { initial, any, final }: SubstringParts,
): ((value: Uint8Array) => boolean | undefined) | undefined {
  const part = findRule(rule, 'substrings')?.part;
  if (part === undefined) return undefined;
  const prepare = (value: LdapValue, startsValue: boolean, endsValue: boolean): string | undefined =>
    part(toBytes(value), { startsValue, endsValue });
  const start = initial === undefined ? '' : prepare(initial, true, false);
  const end = final === undefined ? '' : prepare(final, false, true);
  const inner = any.map((value) => prepare(value, false, false));
  if (start === undefined || end === undefined || inner.includes(undefined)) return undefined;
  return (value) => {
    const whole = prepare(value, true, true);
    if (whole === undefined) return undefined;
    if (!whole.startsWith(start)) return false;
    let at = start.length;
    for (const wanted of inner) {
      const found = whole.indexOf(wanted ?? '', at);
      if (found === -1) return false;
      at = found + (wanted ?? '').length;
    }
    return whole.length - end.length >= at && whole.endsWith(end);
  };
}
