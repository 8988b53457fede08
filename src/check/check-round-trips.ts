// Entries as they are: whether a client that writes back what it has read changes something, and whether references lead
// somewhere. The gateway itself reads and replaces each of them, with its writes withheld.
import { type Explainable, type ExplainedOperation, runOn } from '../explain/explain-request.ts';
import { printOperation } from '../explain/print-operation.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { directoryName, typeKey } from '../mapping/directory-name.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { readId } from '../mapping/plan-fetch.ts';
import { parseRead, parseReplace } from '../scim/parse-request.ts';
import { interop } from '../scim/profile.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import type { CheckRun, TypeSample } from './check-run.ts';
import { someOf } from './report.ts';

/** References of one entry that are followed; more take long, and tell no more. */
const MOST_VALUES = 500;

export async function checkRoundTrips(run: CheckRun, samples: readonly TypeSample[]): Promise<void> {
  const { mapping, dialect, directory } = run;
  const subject: Explainable = { mapping, dialect, live: directory };
  for (const { mapping: type, entries } of samples) {
    const lost: Lost[] = [];
    const changed = new Map<string, { readonly dn: string; readonly text: string }[]>();
    const large: string[] = [];
    for (const entry of entries) {
      const id = readId(type, entry);
      if (id === undefined) continue;
      if (
        type.mappers.some(
          ({ reference }) => reference !== undefined && entry.bytes(reference.attribute).length > MOST_VALUES,
        )
      ) {
        large.push(entry.dn);
        continue;
      }
      const resource = await readOne(run, subject, type, entry, id);
      if (resource === undefined) continue;
      lost.push(...lostReferences(type, entry, resource));
      for (const [attribute, text] of await writeBack(run, subject, type, entry, resource, id))
        changed.set(attribute, [...(changed.get(attribute) ?? []), { dn: entry.dn, text }]);
    }
    reportLost(run, type, lost);
    for (const [attribute, cases] of changed) reportChange(run, type, attribute, cases);
    if (large.length > 0)
      run.remark(`Round trip: ${someOf(large)} left out, with more than ${MOST_VALUES} references.`);
    const looked = entries.length - large.length;
    if (looked > 0)
      run.remark(
        `Round trip: ${looked} ${type.type.name} ${looked === 1 ? 'entry' : 'entries'} read and written back, in thought.`,
      );
  }
}

async function readOne(
  run: CheckRun,
  subject: Explainable,
  { type }: ResourceMapping,
  { dn }: LdapEntry,
  id: string,
): Promise<Resource | undefined> {
  const { answer } = await runOn(subject, parseRead({ resourceType: type, profile: interop, parameters: [], id }));
  if (answer.body !== undefined) return answer.body;
  const message = `${dn} cannot be shown: ${answer.detail ?? String(answer.status)}`;
  run.report('unreadable', 'error', ['resourceTypes', type.name], message);
  return undefined;
}

interface Lost {
  readonly attribute: string;
  readonly values: number;
  readonly missing: number;
  readonly dn: string;
}

function lostReferences(type: ResourceMapping, entry: LdapEntry, resource: Resource): Lost[] {
  return type.mappers.flatMap(({ reference, ref }): Lost[] => {
    if (reference === undefined) return [];
    const { attribute, placeholder } = reference;
    const values = entry
      .strings(attribute)
      .filter((value) => value.toLowerCase() !== placeholder?.toLowerCase()).length;
    const shown = getAttribute(resource, ref);
    const count = shown === undefined ? 0 : Array.isArray(shown) ? shown.length : 1;
    return values > count ? [{ attribute, values, missing: values - count, dn: entry.dn }] : [];
  });
}

function reportLost(run: CheckRun, type: ResourceMapping, lost: readonly Lost[]): void {
  for (const attribute of new Set(lost.map((each) => each.attribute))) {
    const own = lost.filter((each) => each.attribute === attribute);
    const missing = own.reduce((sum, each) => sum + each.missing, 0);
    const values = missing === 1 ? '1 value of' : `${missing} values of`;
    const message = `${values} ${attribute} ${missing === 1 ? 'leads' : 'lead'} to no resource, in ${someOf(own.map(({ dn }) => dn))}`;
    run.report('dangling', 'warning', pathOf(run, type, attribute), message);
  }
}

/** Attributes that a replace by the same resource would change, with how. */
async function writeBack(
  run: CheckRun,
  subject: Explainable,
  { type }: ResourceMapping,
  { dn }: LdapEntry,
  resource: Resource,
  id: string,
): Promise<readonly (readonly [attribute: string, text: string])[]> {
  try {
    const request = parseReplace({ resourceType: type, profile: interop, parameters: [], id, body: resource });
    const { answer, operations } = await runOn(subject, request);
    if (answer.status >= 400) return [['', `it is refused with ${answer.status}: ${answer.detail ?? ''}`]];
    return operations.filter(({ writes }) => writes).flatMap(changesOf);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    run.report('roundTrip', 'error', ['resourceTypes', type.name], `${dn} cannot be written back: ${message}`);
    return [];
  }
}

function changesOf({ sent }: ExplainedOperation): (readonly [attribute: string, text: string])[] {
  if (sent.operation !== 'modify') return [['', printOperation(sent).replaceAll('\n', '; ')]];
  return sent.request.modifications.map((each) => {
    const values = each.values.map((value) => JSON.stringify(String(value))).join(', ');
    return [each.attribute, `${each.operation} ${each.attribute}${values === '' ? '' : ` ${values}`}`];
  });
}

function reportChange(
  run: CheckRun,
  type: ResourceMapping,
  attribute: string,
  cases: readonly { readonly dn: string; readonly text: string }[],
): void {
  const [first] = cases;
  if (first === undefined) return;
  const dns = [...new Set(cases.map(({ dn }) => dn))];
  const steps = cases.filter(({ dn }) => dn === first.dn).map(({ text }) => text);
  const more = dns.length === 1 ? '' : ` (and ${dns.length - 1} more entries)`;
  const message = `writing back what was read changes ${first.dn}: ${steps.join(', ')}${more}`;
  run.report('roundTrip', 'warning', pathOf(run, type, attribute), message);
}

/** The key that holds the attribute, else the type. */
function pathOf({ mapping }: CheckRun, type: ResourceMapping, attribute: string): readonly string[] {
  const key = type.keys.find(
    (each) =>
      each.mapping.attribute !== undefined &&
      typeKey(directoryName(each.mapping.attribute, mapping.subschema)) === typeKey(attribute),
  );
  return key?.path ?? ['resourceTypes', type.type.name, 'attributes'];
}
