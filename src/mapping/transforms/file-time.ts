// FILETIME of Active Directory (MS-DTYP s2.3.3): steps of 100 ns since 1601 as decimal text, beyond what a JSON number
// holds, <-> SCIM dateTime in UTC with all seven digits of its fraction. 0 and 2^63-1 both mean "never" and are no value.
// Instants compare by the whole millisecond, as everywhere in SCIM, so filters ask for that.
import { and, greaterOrEqual, type LdapFilter, not, or } from '../../ldap/filter.ts';
import { isLdapInteger } from '../../ldap/syntaxes/integer.ts';
import type { CompareOperator, CompareValue } from '../../scim/filter/filter.ts';
import { parseDateTime } from '../../scim/schema/date-time.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const stepsPerMillisecond = 10_000n;
const millisecondsFrom1601 = 11_644_473_600_000n;

/** As long as 63 bits reach. */
export const NEVER = '9223372036854775807';

/** The first instant that means one, and the first beyond the year 9999, which SCIM cannot write. */
const first = 1n;
const end = toFileTime(Date.UTC(10_000, 0, 1));

const transform: Transform = {
  name: 'fileTime',
  traits: { types: ['dateTime'], invertible: true, ordered: true, equality: true, substrings: false },
  orderedBy: 'integer',
  toScim(values) {
    const text = firstText(values) ?? '';
    if (text.length > 20 || !isLdapInteger(text)) return undefined;
    const steps = BigInt(text);
    return steps < first || steps >= end ? undefined : printDateTime(steps);
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    const steps = typeof value === 'string' ? parseSteps(value) : undefined;
    if (steps === undefined || steps < first) {
      throw notStorable(value, 'a date and time after 1601, such as 2026-01-31T12:00:00Z');
    }
    return [String(steps)];
  },
  toFilter(attribute, operator, value) {
    const shown = and(greaterOrEqual(attribute, String(first)), not(greaterOrEqual(attribute, String(end))));
    if (operator === 'pr') return shown;
    return value?.type === 'dateTime' ? compareTime(attribute, operator, value.value, shown) : undefined;
  },
};

export const fileTimeTransform: TransformFactory = {
  name: 'fileTime',
  description:
    'A point in time as Active Directory counts it, such as accountExpires. 0 and 9223372036854775807 are no value; `never` says which of them replaces one that goes.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      never: {
        enum: ['0', NEVER],
        description: 'What is written where a value goes; nothing unless given, which Active Directory may refuse.',
      },
    },
  },
  create: ({ never }) => (typeof never === 'string' ? { ...transform, unassigned: [never] } : transform),
};

function compareTime(
  attribute: string,
  operator: CompareOperator,
  milliseconds: CompareValue['value'] & number,
  shown: LdapFilter,
): LdapFilter | undefined {
  const notBefore = greaterOrEqual(attribute, String(toFileTime(milliseconds)));
  const after = greaterOrEqual(attribute, String(toFileTime(milliseconds + 1)));
  switch (operator) {
    case 'ge':
      return and(shown, notBefore);
    case 'gt':
      return and(shown, after);
    case 'lt':
      return and(shown, not(notBefore));
    case 'le':
      return and(shown, not(after));
    case 'eq':
      return and(shown, notBefore, not(after));
    case 'ne':
      return or(not(shown), not(notBefore), after);
    case 'co':
    case 'sw':
    case 'ew':
      return undefined;
  }
}

/** The steps at a time in milliseconds since 1970. */
export function toFileTime(milliseconds: number): bigint {
  return (BigInt(milliseconds) + millisecondsFrom1601) * stepsPerMillisecond;
}

function parseSteps(text: string): bigint | undefined {
  const dateTime = parseDateTime(text);
  if (dateTime === undefined) return undefined;
  const fraction = /\.(\d+)/.exec(dateTime.text)?.[1] ?? '';
  return toFileTime(dateTime.milliseconds) + BigInt(fraction.padEnd(7, '0').slice(3, 7));
}

function printDateTime(steps: bigint): string {
  const milliseconds = Number(steps / stepsPerMillisecond - millisecondsFrom1601);
  const finer = String(steps % stepsPerMillisecond).padStart(4, '0');
  const iso = `${new Date(milliseconds).toISOString().slice(0, -1)}${finer}`;
  return `${iso.replace(/\.?0+$/, '')}Z`;
}
