// Made-up people and groups as LDIF, for the demo, for tests and for measurements: the same ones for the same seed. Only
// attributes of inetOrgPerson and groupOfNames, unless the auxiliary classes of mappings/openldap are asked for. It makes
// text and knows no directory.
import { rdnText } from '../dn.ts';
import { printLdifEntry } from '../ldif.ts';
import type { LdapAttribute } from '../value.ts';
import { baseLdif } from './base-ldif.ts';
import { type Culture, cultures, departments, groupNames, jobs } from './sample-names.ts';

export interface SampleOptions {
  readonly suffix: string;
  readonly users: number;
  readonly groups: number;
  /** Members of the first group, which is the largest; at most `users`. Default all. */
  readonly biggestGroup?: number;
  /** Default 1. */
  readonly seed?: number;
  /** With scimPerson and scimGroup. Default false. */
  readonly auxiliary?: boolean;
  /** With the suffix entry, `ou=people` and `ou=groups` in front. Default false: where it goes, they are there. */
  readonly base?: boolean;
}

/** One manager has so many people. */
const SPAN_OF_CONTROL = 8;
/** Members of an ordinary group at most. */
const ORDINARY_GROUP = 40;

type Attributes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Records of LDIF, people first, each chunk one whole entry. What 100 users are is what the first 100 of 100,000 are. */
export function* sampleLdif(options: SampleOptions): Generator<string> {
  const { suffix, users, groups, seed = 1, auxiliary = false } = options;
  if (options.base === true) yield baseLdif(suffix);
  const random = createRandom(seed);
  const people: string[] = [];
  const taken = new Map<string, number>();
  for (let number = 0; number < users; number++) {
    const person = drawPerson(random, taken);
    const dn = `${rdnText('uid', person.uid)},ou=people,${suffix}`;
    const manager = number === 0 ? undefined : people[Math.floor((number - 1) / SPAN_OF_CONTROL)];
    people.push(dn);
    yield printEntry(dn, personAttributes(person, { number, manager, users, suffix, auxiliary }, random));
  }
  for (let number = 0; number < groups; number++) {
    const cn = groupName(number);
    const dn = `${rdnText('cn', cn)},ou=groups,${suffix}`;
    const size = number === 0 ? (options.biggestGroup ?? users) : random(ORDINARY_GROUP) + 1;
    const members = [...draw(people, Math.min(size, users), number === 0 ? 0 : random(Math.max(1, users)))];
    // A group in a group, as directories have them.
    if (number === 1 && groups > 2) members.push(`${rdnText('cn', groupName(2))},ou=groups,${suffix}`);
    yield printEntry(dn, {
      objectClass: ['top', 'groupOfNames', ...(auxiliary ? ['scimGroup'] : [])],
      cn,
      description: `Members of ${cn}`,
      member: members.length > 0 ? members : [`cn=nobody,${suffix}`],
    });
  }
}

interface Person {
  readonly culture: Culture;
  readonly uid: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly fullName: string;
}

/** A whole number from 0 up to, not including, `below`. */
type Random = (below: number) => number;

/** The generator "mulberry32": small, quick, the same on every machine. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function pick<T>(random: Random, values: readonly [T, ...T[]] | readonly T[]): T {
  const value = values[random(values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

function drawPerson(random: Random, taken: Map<string, number>): Person {
  const culture = pick(random, cultures);
  const [givenName, given] = bothForms(pick(random, culture.given));
  const [familyName, family] = bothForms(pick(random, culture.family));
  const stem = `${toLogin(given)}.${toLogin(family)}`;
  const count = (taken.get(stem) ?? 0) + 1;
  taken.set(stem, count);
  return {
    culture,
    uid: count === 1 ? stem : `${stem}${count}`,
    givenName,
    familyName,
    fullName: printFullName(culture, givenName, familyName),
  };
}

function bothForms(name: string | readonly [string, string]): readonly [string, string] {
  return typeof name === 'string' ? [name, name] : name;
}

function printFullName({ order }: Culture, given: string, family: string): string {
  switch (order) {
    case 'givenFirst':
      return `${given} ${family}`;
    case 'familyFirst':
      return `${family} ${given}`;
    case 'familyFirstJoined':
      return `${family}${given}`;
  }
}

/** A Latin name in the letters of user names. */
function toLogin(name: string): string {
  const spelt: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ı: 'i', ø: 'o', ä: 'ae', ö: 'oe', ü: 'ue' };
  return name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[ßłıøäöü]/g, (letter) => spelt[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
}

interface Placement {
  readonly number: number;
  readonly manager: string | undefined;
  readonly users: number;
  readonly suffix: string;
  readonly auxiliary: boolean;
}

function personAttributes(person: Person, placement: Placement, random: Random): Attributes {
  const { culture, uid, givenName, familyName, fullName } = person;
  const { number, manager, auxiliary } = placement;
  const department = pick(random, departments);
  const job = pick(random, jobs);
  const street = `${culture.street} ${random(180) + 1}`;
  const phone = `${culture.dialCode} ${String(1000 + random(9000))}`;
  const mobile = random(3) > 0 ? `${culture.dialCode} ${String(1000 + random(9000))}` : undefined;
  const alias = random(10) === 0 ? `${uid}@mail.example.com` : undefined;
  const room = `${random(9)}.${String(random(80)).padStart(3, '0')}`;
  const leads = number * SPAN_OF_CONTROL + 1 < placement.users;
  return {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', ...(auxiliary ? ['scimPerson'] : [])],
    uid,
    cn: fullName,
    sn: familyName,
    givenName,
    displayName: fullName,
    title: number === 0 ? 'Chief Executive Officer' : leads ? `Head of ${department} ${number}` : job,
    mail: alias === undefined ? `${uid}@example.com` : [`${uid}@example.com`, alias],
    telephoneNumber: phone,
    mobile,
    street,
    l: culture.city,
    st: culture.region,
    postalCode: culture.postalCode,
    postalAddress: [street, `${culture.postalCode} ${culture.city}`, culture.country].join('$'),
    roomNumber: room,
    o: 'Example Corporation',
    departmentNumber: department,
    employeeNumber: String(100_000 + number),
    employeeType: random(12) === 0 ? 'Contractor' : 'Employee',
    preferredLanguage: culture.language,
    manager,
    ...(auxiliary
      ? {
          scimLocale: culture.language,
          scimTimezone: culture.timezone,
          scimCostCenter: `CC-${4000 + random(60)}`,
          scimDivision: pick(random, ['Products', 'Services', 'Operations']),
          co: culture.country,
        }
      : {}),
  };
}

function groupName(number: number): string {
  const name = groupNames[number % groupNames.length] ?? 'Group';
  const round = Math.floor(number / groupNames.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}

/** So many in a row, from a place on and round the end. */
function* draw(people: readonly string[], count: number, from: number): Generator<string> {
  for (let step = 0; step < count; step++) yield people[(from + step) % people.length] ?? '';
}

function printEntry(dn: string, attributes: Attributes): string {
  const printed = Object.entries(attributes).flatMap(([type, values]): LdapAttribute[] =>
    values === undefined ? [] : [{ type, values: typeof values === 'string' ? [values] : values }],
  );
  return printLdifEntry(dn, printed);
}
