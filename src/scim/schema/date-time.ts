// xsd:dateTime with a time zone, as RFC 7643 s2.3.5 asks for it. Values are compared as instants and written in UTC.

export interface DateTime {
  /** Milliseconds since 1970, the fraction of a millisecond cut off. */
  readonly milliseconds: number;
  /** In UTC with `Z`, up to nine digits of fraction, without trailing zeros: equal instants have equal texts. */
  readonly text: string;
}

const form = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Undefined where the text is no date with time and zone, or no day of the calendar. */
export function parseDateTime(text: string): DateTime | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  // Midnight may be written as 24:00:00 (XML Schema part 2, s3.2.7.1).
  const endOfDay = hour === 24 && minute === 0 && second === 0 && Number(match[7] ?? 0) === 0;
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59 || offsetHour > 14 || offsetMinute > 59) return undefined;
  const dayStart = new Date(0);
  dayStart.setUTCFullYear(year, month - 1, day);
  if (dayStart.getUTCMonth() !== month - 1 || dayStart.getUTCDate() !== day) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  const seconds = dayStart.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
  const fraction = (match[7] ?? '').replace(/0+$/, '');
  const whole = new Date(seconds).toISOString().slice(0, -5);
  // A year before 0000 or after 9999, reached through the offset, has no four digits.
  if (whole.length !== 19) return undefined;
  return {
    milliseconds: seconds + Number(fraction.slice(0, 3).padEnd(3, '0')),
    text: fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`,
  };
}
