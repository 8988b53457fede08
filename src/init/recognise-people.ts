// Who is a user, by which attribute they are known, how their entries are named, and how they are kept out.
import { commonClasses, countWith, frequencies, MOST, namingAttributes } from './count.ts';
import { classCounts, mostUsualClass, noteClasses } from './note-classes.ts';
import { type Choices, isNamed, type Notes } from './recognised.ts';
import type { Survey } from './survey.ts';

/** The attribute that is the userName. */
export function recognisePeople(survey: Survey, choices: Choices, notes: Notes): string {
  const userName = chooseUserName(survey, choices, notes);
  chooseClasses(survey, notes);
  chooseNaming(survey, userName, notes);
  chooseLock(survey, notes);
  const { people, landmarks } = survey;
  if (landmarks.rdn !== undefined && !isNamed(userName, landmarks.rdn)) {
    const why = `${countWith(people.sample, userName)} of ${people.sample.length} people have it.`;
    notes.user.attributes.set('userName', { yaml: userName, why });
  }
  return userName;
}

function chooseUserName({ people, landmarks }: Survey, choices: Choices, { facts, doubts }: Notes): string {
  const total = people.sample.length;
  const shares = landmarks.userNames.map((name) => ({ name, count: countWith(people.sample, name) }));
  const enough = shares.find(({ count }) => total > 0 && count >= total * MOST);
  const [most] = shares.toSorted((a, b) => b.count - a.count);
  const name = choices.userName ?? enough?.name ?? most?.name ?? '';
  if (total === 0) return name;
  const count = countWith(people.sample, name);
  facts.push(`userName: ${name} (${count} of ${total} have it)`);
  if (count < total)
    doubts.push(
      `${total - count} of ${total} people have no ${name}, which is the userName: clients see them without one. Another attribute: --user-name.`,
    );
  const [twice] = frequencies(people.sample.flatMap((entry) => entry.first(name) ?? []));
  if (twice !== undefined && twice.count > 1)
    doubts.push(`${twice.count} people have the same ${name}, ${twice.value}; a userName should be unique.`);
  return name;
}

function chooseClasses({ people, landmarks }: Survey, { user, facts, doubts }: Notes): void {
  const { sample } = people;
  if (sample.length === 0) return;
  const classes = commonClasses(sample);
  const has = (name: string): boolean => classes.some((each) => isNamed(each, name));
  const known = landmarks.personClasses.find(has) ?? mostUsualClass(sample, landmarks.personClasses);
  facts.push(`people have the classes ${classes.join(', ')}`);
  if (!has(known))
    doubts.push(
      `Not all people are ${known}; the others are not seen. Classes that were found: ${classCounts(sample)}.`,
    );
  if (landmarks.foundBy !== undefined && !isNamed(known, landmarks.foundBy))
    user.entry.set('filter', { yaml: `(objectClass=${known})`, why: `People are ${known}.` });
  const { account } = landmarks.unix;
  if (has(account))
    doubts.push(
      `People are Unix accounts (${account}). Those that clients create are none, as they need numbers and home folders: scim-ldap/openldap/posix.yaml says how to give them those.`,
    );
  const given = classes.filter((each) => !isNamed(each, account));
  noteClasses(user, given, landmarks.newPerson, landmarks, 'What nearly all people have.');
}

function chooseNaming({ people, landmarks }: Survey, userName: string, { user, facts, doubts }: Notes): void {
  const [naming] = namingAttributes(people.dns);
  if (naming === undefined) return;
  const { value: rdn, count } = naming;
  const share = count < people.dns.length ? `, ${count} of ${people.dns.length}` : '';
  facts.push(`entries of people are named by ${rdn}${share}`);
  if (landmarks.rdn === undefined || isNamed(rdn, landmarks.rdn)) return;
  user.entry.set('rdn', { yaml: rdn, why: 'Names nearly all entries of people.' });
  if (!isNamed(rdn, userName))
    doubts.push(
      `People are named by ${rdn}: another value of the SCIM attribute that is mapped to it renames the entry.`,
    );
}

function chooseLock({ subschema, landmarks, rootDse }: Survey, { user, facts, doubts }: Notes): void {
  const { attribute, control } = landmarks.lock;
  const isWatched = control === undefined || rootDse.strings('supportedControl').includes(control);
  if (isWatched && subschema.attributeType(attribute) !== undefined) {
    facts.push(`accounts are disabled by ${attribute}`);
    if (control !== undefined)
      doubts.push(
        `People are disabled by ${attribute}, which works where the password policy overlay watches this database. Try it: a disabled account must not be able to log in.`,
      );
    return;
  }
  const why = 'There is no password policy overlay, and nothing known that would keep an account from logging in.';
  user.attributes.set('active', { yaml: '{ attribute: null, transform: null, values: null, constant: true }', why });
  doubts.push('Nobody can be disabled. Where another attribute keeps people out, map active to it (docs/mapping.md).');
}
