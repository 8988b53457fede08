// What a survey means. Pure. Every guess that could be wrong is told as a doubt, with what to look at.

import { numberedMembers } from '../ldap/dialects/landmarks.ts';
import { isWithin } from '../ldap/dn.ts';
import { commonBase, countWith, frequencies, MOST, parents } from './count.ts';
import { recogniseGroups } from './recognise-groups.ts';
import { recognisePeople } from './recognise-people.ts';
import { type Choices, isNamed, type Notes, type Recognised, type TypeNotes } from './recognised.ts';
import { type Found, type Survey, suffixOf } from './survey.ts';

export function recognise(survey: Survey, choices: Choices): Recognised {
  const { landmarks, people, rootDse } = survey;
  const notes: Notes = {
    user: { entry: new Map(), attributes: new Map() },
    group: { entry: new Map(), attributes: new Map() },
    facts: [`product: ${landmarks.product}${vendorOf(survey)}`],
    doubts: [],
  };
  const peopleBase = choosePlace('people', choices.people, people, survey, notes.user, notes);
  const groupsBase = choosePlace('groups', choices.groups, survey.groups, survey, notes.group, notes);
  const suffix = suffixOf({ rootDse, bases: survey.bases }, peopleBase);
  const userName = recognisePeople(survey, choices, notes);
  const model = recogniseGroups(survey, suffix, notes);
  chooseId(survey, choices, notes);
  const shipped = landmarks.mappings.find(
    (each) =>
      (each.userName === undefined || isNamed(each.userName, userName)) &&
      (each.objectClass === undefined || survey.subschema.objectClass(each.objectClass) !== undefined) &&
      (each.attribute === undefined || countWith(people.sample, each.attribute) > 0),
  );
  const files = [...(shipped === undefined ? [] : [shipped.file]), ...(model.numbered ? [numberedMembers] : [])];
  return {
    extends: files.map((file) => `scim-ldap/${file}`),
    variables: new Map([
      ['suffix', suffix],
      ['people', peopleBase],
      ['groups', groupsBase],
      // The mapping that takes the whole name needs no domain.
      ...(isNamed(userName, shipped?.userName) ? [] : domainOf(survey, suffix)),
    ]),
    types: [
      { name: 'User', ...notes.user },
      { name: 'Group', ...notes.group },
    ],
    facts: notes.facts,
    doubts: notes.doubts,
    counters: model.counter === undefined ? [] : [model.counter],
  };
}

function vendorOf({ rootDse }: Survey): string {
  const parts = [rootDse.first('vendorName'), rootDse.first('vendorVersion')].filter((text) => text !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}

/** The DN below which they are; where new ones go to another place, that is noted down. */
function choosePlace(
  what: 'people' | 'groups',
  chosen: string | undefined,
  found: Found,
  survey: Survey,
  type: TypeNotes,
  { facts, doubts }: Notes,
): string {
  if (found.dns.length === 0) {
    const base = chosen ?? survey.bases[0] ?? '';
    doubts.push(
      `No ${what} were found below ${survey.bases.join(', ')}; ${base} is a guess. Correct "${what}" in the mapping, or say --${what}-base.`,
    );
    return base;
  }
  const { base, outside } = commonBase(found.dns);
  const place = chosen ?? (base === '' ? suffixOf(survey, found.dns[0] ?? '') : base);
  const within = found.dns.filter((dn) => isWithin(dn, place, 'subtree'));
  facts.push(`${what}: ${within.length}${found.cut ? ' or more' : ''} below ${place}`);
  if (chosen === undefined && outside.length > 0) {
    const few = outside.slice(0, 3).join(', ');
    doubts.push(
      `${outside.length} more ${what} are elsewhere (${few}${outside.length > 3 ? ', ...' : ''}) and will not be seen. Where they belong to it, give "base" a list.`,
    );
  }
  const [direct] = parents(within);
  if (direct === undefined || isNamed(direct.value, place)) return place;
  type.entry.set('createBase', {
    yaml: JSON.stringify(direct.value),
    why: 'Most are right below it, and new ones go there, too.',
  });
  if (direct.count < within.length * MOST)
    doubts.push(
      `New ${what} go below ${direct.value}, where ${direct.count} of ${within.length} are. Where a value decides the place, use "placement".`,
    );
  return place;
}

function chooseId(
  { people, groups, landmarks }: Survey,
  choices: Choices,
  { user, group, facts, doubts }: Notes,
): void {
  const shipped = landmarks.ids[0]?.[0];
  const transformOf = (name: string): string | undefined => landmarks.ids.find(([each]) => isNamed(each, name))?.[1];
  for (const [what, found, type, said] of [
    ['people', people, user, choices.id],
    ['groups', groups, group, choices.groupId],
  ] as const) {
    const total = found.sample.length;
    if (total === 0) continue;
    const attribute = said ?? landmarks.ids.find(([name]) => countWith(found.sample, name) === total)?.[0];
    if (attribute === undefined) {
      doubts.push(
        `Not all ${what} that were looked at show ${landmarks.ids.map(([name]) => name).join(' or ')}: give the account of the gateway the right to read it, or say --${what === 'people' ? 'id' : 'group-id'}.`,
      );
      continue;
    }
    const count = countWith(found.sample, attribute);
    facts.push(`id of ${what}: ${attribute} (${count} of ${total} have it)`);
    if (count < total)
      doubts.push(
        `${total - count} of ${total} ${what} have no ${attribute}: they are no resources, and no client sees them.`,
      );
    if (isNamed(attribute, shipped) && landmarks.idIsSure) continue;
    const transform = transformOf(attribute);
    // Said in any case, as the id that is extended may have another one.
    const yaml = `{ attribute: ${attribute}, transform: ${transform ?? 'string'} }`;
    const why = said === undefined ? 'All that were looked at have it.' : 'As it was said; it must never change.';
    type.attributes.set('id', { yaml, why });
  }
}

function domainOf({ landmarks, people }: Survey, suffix: string): readonly (readonly [string, string])[] {
  const { domain } = landmarks;
  if (domain === undefined) return [];
  const used = frequencies(people.sample.flatMap((entry) => entry.first(domain.attribute)?.split('@')[1] ?? []));
  const made = suffix.split(',').flatMap((part) => /^dc=(.+)$/i.exec(part.trim())?.[1] ?? []);
  return [[domain.variable, used[0]?.value ?? made.join('.').toLowerCase()]];
}
