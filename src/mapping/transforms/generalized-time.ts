// GeneralizedTime (RFC 4517 s3.3.13) <-> SCIM dateTime in UTC. SCIM sees whole milliseconds: a finer fraction in the
// directory is cut, and filters ask for the whole millisecond, so that they find what they show.
import { and, greaterOrEqual, type LdapFilter, not, or, present } from '../../ldap/filter.ts';
import { parseGeneralizedTime, printGeneralizedTime } from '../../ldap/syntaxes/generalized-time.ts';
import type { CompareOperator, CompareValue } from '../../scim/filter/filter.ts';
import { parseDateTime } from '../../scim/schema/date-time.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

/** The form of nearly every operational timestamp, without days that only some months have: nothing to work out. */
const plainTime = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ$/;

const firstMillisecond = new Date(0).setUTCFullYear(0, 0, 1);
const lastMillisecond = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const transform: Transform = {
  name: 'generalizedTime',
  traits: { types: ['dateTime'], invertible: true, ordered: true, equality: true, substrings: false },
  orderedBy: 'time',
  toScim(values) {
    const text = firstText(values) ?? '';
    if (plainTime.test(text)) {
      const at = (start: number, end: number): string => text.slice(start, end);
      return `${at(0, 4)}-${at(4, 6)}-${at(6, 8)}T${at(8, 10)}:${at(10, 12)}:${at(12, 14)}Z`;
    }
    const milliseconds = parseGeneralizedTime(text);
    return milliseconds === undefined ? undefined : printDateTime(milliseconds);
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    const dateTime = typeof value === 'string' ? parseDateTime(value) : undefined;
    if (dateTime === undefined) throw notStorable(value, 'a date and time such as 2026-01-31T12:00:00Z');
    return [printGeneralizedTime(dateTime.milliseconds)];
  },
  toAssertion: (value) => (value.type === 'dateTime' ? toGeneralizedTime(value.value) : undefined),
  toFilter: (attribute, operator, value) =>
    operator === 'pr' ? present(attribute) : compareTime(attribute, operator, value),
};

export const generalizedTimeTransform: TransformFactory = {
  name: 'generalizedTime',
  description: 'A point in time, such as createTimestamp.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};

function compareTime(
  attribute: string,
  operator: CompareOperator,
  value: CompareValue | undefined,
): LdapFilter | undefined {
  if (value?.type !== 'dateTime') return undefined;
  const from = toGeneralizedTime(value.value);
  const next = toGeneralizedTime(value.value + 1);
  if (from === undefined || next === undefined) return undefined;
  const notBefore = greaterOrEqual(attribute, from);
  const after = greaterOrEqual(attribute, next);
  switch (operator) {
    case 'ge':
      return notBefore;
    case 'gt':
      return after;
    case 'lt':
      return and(present(attribute), not(notBefore));
    case 'le':
      return and(present(attribute), not(after));
    case 'eq':
      return and(notBefore, not(after));
    case 'ne':
      return or(not(notBefore), after);
    case 'co':
    case 'sw':
    case 'ew':
      return undefined;
  }
}

function toGeneralizedTime(milliseconds: number): string | undefined {
  const inRange = milliseconds >= firstMillisecond && milliseconds <= lastMillisecond;
  return inRange ? printGeneralizedTime(milliseconds) : undefined;
}

function printDateTime(milliseconds: number): string | undefined {
  if (milliseconds < firstMillisecond || milliseconds > lastMillisecond) return undefined;
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}
