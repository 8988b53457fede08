// POST (RFC 7644 s3.3): one add, then the password by its own operation. A password that the directory refuses takes the
// entry back, so that nobody is left half-made.
import { randomBytes } from 'node:crypto';
import { firstRdn, parentDn } from '../ldap/dn.ts';
import { entryOf } from '../ldap/entry.ts';
import type { RequestControl } from '../ldap/operations.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { planFetch, readId, readVersion } from '../mapping/plan-fetch.ts';
import { needsPassword, passwordOf, planPassword, untilPassword } from '../mapping/plan-password.ts';
import { type CounterNeed, counterNeeds, planAdd } from '../mapping/plan-write.ts';
import { ScimError } from '../scim/error.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { getAttribute } from '../scim/resource.ts';
import { afterWrite, toTheEnd } from './after-write.ts';
import { afterPassword, setPassword } from './apply-changes.ts';
import { keepingName } from './long-name.ts';
import { placedBelow } from './missing-place.ts';
import { checkLimit } from './permit-request.ts';
import { createReferenceResolver } from './references.ts';
import { entryResponse, presentEntry } from './respond.ts';
import { type Run, readBack } from './run.ts';
import { splitAdd } from './split-changes.ts';
import { undoing } from './undo.ts';
import { checkUnique } from './uniqueness.ts';

export async function createResource(
  run: Run,
  mapping: ResourceMapping,
  request: ScimRequest & { operation: 'create' },
): Promise<ScimResponse> {
  const { resource, projection } = request;
  const resolver = createReferenceResolver(run);
  await Promise.all([
    resolver.lookUp(mapping.mappers.flatMap((mapper) => [...mapper.lookups([getAttribute(resource, mapper.ref)])])),
    checkUnique(run, mapping, resource),
  ]);
  const context = { references: resolver, now: resolver.now };
  // A resource that cannot be stored must not cost a number.
  checkLimit(mapping, entryOf(planAdd(mapping, resource, context, new Map())));
  const whole = planAdd(mapping, resource, context, await drawNumbers(run, counterNeeds(mapping)));
  const password = passwordOf(mapping, resource) ?? (needsPassword(mapping) ? makePassword() : undefined);
  const first = password === undefined ? { add: whole, after: [] } : untilPassword(mapping, whole, context);
  const { add, rest } = splitAdd(first.add, run.dialect.capabilities.valuesPerWrite);

  const plan = planFetch(mapping, projection, { versioned: true });
  const postRead: RequestControl[] =
    run.dialect.capabilities.postRead && password === undefined && rest.length === 0
      ? [{ kind: 'postRead', attributes: plan.attributes }]
      : [];
  const writing = toTheEnd(run);
  const { signal } = writing.context;
  const adding = keepingName(run, firstRdn(add.dn), run.directory.add({ ...add, controls: postRead }, { signal }));
  const result = await placedBelow(run, parentDn(add.dn), adding);
  // What belongs to the new entry and comes after it: where it fails, the entry goes again.
  await undoing(async (undo) => {
    undo.push(() => run.directory.delete({ dn: add.dn }));
    for (const modification of rest)
      await run.directory.modify({ dn: add.dn, modifications: [modification] }, { signal });
    if (password === undefined) return;
    const valuesOf = (name: string) =>
      add.attributes.find(({ type }) => type.toLowerCase() === name.toLowerCase())?.values ?? [];
    const plan = planPassword(mapping, password, first.after, valuesOf);
    await setPassword(writing, add.dn, plan);
    await afterPassword(writing, add.dn, plan);
  });
  return afterWrite(async () => {
    const entry = result.controls.postRead ?? (await readBack(run, add.dn, plan));
    if (readId(mapping, entry) === undefined) {
      await run.directory.delete({ dn: add.dn });
      const detail =
        'The directory gives new entries no id by the attribute that the mapping names. Nothing was created.';
      throw new ScimError(500, undefined, detail);
    }
    const shown = await presentEntry(run, mapping, entry, plan, projection, resolver);
    const body = request.prefer === 'minimal' ? undefined : shown;
    return entryResponse(run, mapping, entry, readVersion(mapping, entry, resolver), 201, body);
  });
}

/** 256 bits that nobody learns, and a letter of each kind for policies that count them. */
function makePassword(): string {
  return `aA1-${randomBytes(32).toString('base64url')}`;
}

/** Modify-increment with pre-read (RFC 4525, RFC 4527): two creates at once never draw the same number. */
async function drawNumbers(run: Run, needs: readonly CounterNeed[]): Promise<ReadonlyMap<string, string>> {
  const drawn = await Promise.all(
    needs.map(async ({ attribute, counter }): Promise<[string, string]> => {
      const result = await run.directory.modify(
        {
          dn: counter.entry,
          modifications: [{ operation: 'increment', attribute: counter.attribute, values: ['1'] }],
          controls: [{ kind: 'preRead', attributes: [counter.attribute] }],
        },
        { signal: run.context.signal },
      );
      const number = result.controls.preRead?.first(counter.attribute);
      if (number === undefined) throw new Error(`The counter entry returned no ${counter.attribute}`);
      return [attribute, number];
    }),
  );
  return new Map(drawn);
}
