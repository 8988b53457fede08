// sAMAccountName of Active Directory, the name of an account or a group from before Windows 2000: a client's own is taken
// as it is or refused, one that the mapping makes is adjusted. Windows refuses what Samba 4.17 takes, so it is refused here.
import { hash } from 'node:crypto';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

/** MS-SAMR 3.1.1.6. */
const forbidden = '"/\\[]:;|=,+*?<>';
const forbiddenCharacters = /[\x00-\x1f"/\\[\]:;|=,+*?<>]/g;
const longest = 20;

export const accountNameTransform: TransformFactory = {
  name: 'accountName',
  description: `sAMAccountName: \`maxLength\` characters at most, none of \`${forbidden}\`. A \`default\` is cut to that, and then ends in a part of a hash.`,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      maxLength: { type: 'integer', minimum: 1, description: 'Characters at most: 20, as for users, unless given.' },
      distinct: {
        type: 'boolean',
        description:
          'A `default` always ends in a part of a hash, so that bjensen@example.com and bjensen@example.org are two.',
      },
    },
  },
  create({ maxLength, distinct }) {
    return createAccountName(typeof maxLength === 'number' ? maxLength : longest, distinct === true);
  },
};

function createAccountName(maxLength: number, distinct: boolean): Transform {
  return {
    name: 'accountName',
    traits: { types: ['string'], invertible: true, ordered: true, equality: true, substrings: true },
    toScim: (values) => values.find(({ length }) => length > 0)?.toString('utf8'),
    toLdap(value) {
      if (isUnassigned(value)) return [];
      if (typeof value !== 'string' || cut(value, maxLength) !== value) {
        throw notStorable(
          value,
          `a name of at most ${maxLength} characters, without any of ${forbidden} and without a full stop at its end`,
        );
      }
      return [value];
    },
    toAssertion: (value) => (value.type === 'string' ? value.value : undefined),
    adjust: (text) => adjust(text, maxLength, distinct),
  };
}

/** What is left of a text; undefined where that is nothing. */
function cut(text: string, maxLength: number): string | undefined {
  let name = '';
  for (const character of text.toWellFormed().replace(forbiddenCharacters, '').trim()) {
    if (name.length + character.length > maxLength) break;
    name += character;
  }
  name = name.replace(/[\s.]+$/, '');
  return name === '' ? undefined : name;
}

/** Ends in a part of a hash where something was cut, so that names that differ further on stay two. */
function adjust(text: string, maxLength: number, distinct: boolean): string | undefined {
  // What stands before the @ of a userPrincipalName.
  const local = text.replace(/(?<=.)@.*$/s, '');
  const name = cut(local, maxLength);
  if (name === undefined || (name === local && !distinct)) return name;
  const mark = `~${hash('sha256', text.toLowerCase(), 'hex').slice(0, 5)}`;
  return maxLength > 2 * mark.length ? `${cut(local, maxLength - mark.length) ?? ''}${mark}` : name;
}
