// What a group is, and how it holds its members: DNs, DNs with a number, or names.
import type { LdapEntry } from '../ldap/entry.ts';
import { commonClasses, countWith } from './count.ts';
import { classCounts, mostUsualClass, noteClasses } from './note-classes.ts';
import { type Counter, isNamed, type Notes } from './recognised.ts';
import type { Survey } from './survey.ts';

export interface GroupModel {
  /** Members are DNs with a number. */
  readonly numbered: boolean;
  readonly counter?: Counter;
}

export function recogniseGroups(survey: Survey, suffix: string, notes: Notes): GroupModel {
  const { groups, landmarks } = survey;
  const { sample } = groups;
  if (sample.length === 0) return { numbered: false };
  const classes = commonClasses(sample);
  const has = (name: string): boolean => classes.some((each) => isNamed(each, name));
  const known = landmarks.groupClasses.find(has) ?? mostUsualClass(sample, landmarks.groupClasses);
  const member = chooseMember(survey, known);
  notes.facts.push(`groups are ${known} with ${member}`);
  if (!has(known))
    notes.doubts.push(
      `Not all groups are ${known}; the others are not seen. Classes that were found: ${classCounts(sample)}.`,
    );
  const [, numbered, names] = landmarks.members;
  if (isNamed(member, names)) return { numbered: false, ...holdNames(survey, classes, suffix, notes) };
  const given = landmarks.newGroup.get(member.toLowerCase()) ?? [];
  if (!given.some((name) => isNamed(name, known)))
    notes.group.entry.set('filter', { yaml: `(objectClass=${known})`, why: `Groups are ${known}.` });
  noteClasses(notes.group, classes, given, landmarks, 'What nearly all groups have.');
  return { numbered: isNamed(member, numbered) };
}

/** What most use; where all groups are empty, what goes with the class. */
function chooseMember({ groups, landmarks, subschema }: Survey, groupClass: string): string {
  const [used] = landmarks.members
    .map((name) => ({ name, count: countWith(groups.sample, name) }))
    .toSorted((a, b) => b.count - a.count);
  if (used !== undefined && used.count > 0) return used.name;
  const { must, may } = subschema.allowed([groupClass]);
  const isAllowed = (name: string): boolean => must.has(name.toLowerCase()) || may.has(name.toLowerCase());
  return landmarks.members.find(isAllowed) ?? landmarks.members[0];
}

/** Members are values of an attribute of people, and every group has a number. */
function holdNames(
  { groups, people, landmarks, dialect }: Survey,
  classes: readonly string[],
  suffix: string,
  { group, doubts }: Notes,
): { readonly counter?: Counter } {
  const { group: groupClass, number } = landmarks.unix;
  const [, , member] = landmarks.members;
  group.entry.set('filter', { yaml: `(objectClass=${groupClass})`, why: `Groups are ${groupClass}.` });
  noteClasses(group, classes, [], landmarks, 'What nearly all groups have.');
  const key = keyOfMembers(groups.sample, member, people.sample, landmarks.userNames);
  group.attributes.set('members', {
    yaml: `{ reference: User, attribute: ${member}, by: ${key}, placeholder: null }`,
    why: `Groups hold values of ${key} instead of DNs, and may be empty.`,
  });
  const { modifyIncrement, preRead } = dialect.capabilities;
  if (!modifyIncrement || !preRead) {
    doubts.push(
      `Every new ${groupClass} must have a ${number}, and this directory cannot draw numbers from a counter. Let a plug-in give it, or clients cannot create groups.`,
    );
    return {};
  }
  const taken = groups.sample.flatMap((entry) => entry.strings(number).map(Number)).filter(Number.isSafeInteger);
  const counter = {
    dn: `cn=gidNext,${suffix}`,
    name: 'gidNext',
    attribute: number,
    next: Math.max(9_999, ...taken) + 1,
  };
  group.entry.set('defaults', {
    yaml: `{ ${number}: { counter: { entry: ${JSON.stringify(counter.dn)}, attribute: ${number} } } }`,
    why: 'Every group must have one. counters.ldif, beside this file, has the entry that it is drawn from.',
  });
  if (groups.dns.length > groups.sample.length)
    doubts.push(
      `The counter in counters.ldif starts behind the largest ${number} of ${groups.sample.length} groups; see that no other one is larger.`,
    );
  return { counter };
}

/** The attribute of people whose values groups hold. */
function keyOfMembers(
  groups: readonly LdapEntry[],
  member: string,
  people: readonly LdapEntry[],
  names: readonly string[],
): string {
  const held = new Set(groups.flatMap((entry) => entry.strings(member)));
  const [best] = names
    .map((name) => ({
      name,
      count: people.filter((entry) => entry.strings(name).some((value) => held.has(value))).length,
    }))
    .toSorted((a, b) => b.count - a.count);
  return best?.name ?? '';
}
