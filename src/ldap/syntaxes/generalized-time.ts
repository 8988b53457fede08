// GeneralizedTime (RFC 4517 s3.3.13) as milliseconds since 1970-01-01 UTC.

const PATTERN = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?(?:[.,](\d+))?(?:Z|([+-])(\d\d)(\d\d)?)$/;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1_000;

/**
 * Milliseconds since 1970; undefined where the text is no GeneralizedTime. A fraction counts in the smallest unit given and
 * is cut to whole milliseconds; a leap second is the second after it.
 */
export function parseGeneralizedTime(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = match;
  const [h, m, s] = [Number(hour), Number(minute ?? 0), Number(second ?? 0)];
  const [oh, om] = [Number(offsetHours ?? 0), Number(offsetMinutes ?? 0)];
  if (h > 23 || m > 59 || s > 60 || oh > 23 || om > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // A day that the month does not have rolls over into another month.
  if (date.getUTCMonth() !== Number(month) - 1) return undefined;
  const unit = second !== undefined ? SECOND : minute !== undefined ? MINUTE : HOUR;
  // Nine digits are enough for any unit; more would only cost exactness.
  const part =
    fraction === undefined ? 0 : Math.floor((Number(fraction.slice(0, 9)) * unit) / 10 ** Math.min(fraction.length, 9));
  const offset = (sign === '-' ? -1 : 1) * (oh * HOUR + om * MINUTE);
  return date.getTime() + h * HOUR + m * MINUTE + s * SECOND + part - offset;
}

/** `YYYYMMDDHHMMSSZ`, with `.mmm` where the milliseconds are not zero. Throws `RangeError` outside the years 0 to 9999. */
export function printGeneralizedTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  if (iso.length !== 24) throw new RangeError('a GeneralizedTime has a year of four digits');
  const fraction = iso.slice(19, 23);
  return `${iso.slice(0, 19).replaceAll(/[-T:]/g, '')}${fraction === '.000' ? '' : fraction}Z`;
}
