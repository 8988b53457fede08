// POST (RFC 7644 s3.3): one add, then the password by its own operation. A password that the directory refuses takes the
// entry back, so that nobody is left half-made.
import type { RequestControl } from '../ldap/operations.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { planFetch, readVersion } from '../mapping/plan-fetch.ts';
import { type CounterNeed, counterNeeds, planAdd } from '../mapping/plan-write.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { HalfAppliedError } from './apply-changes.ts';
import { createReferenceResolver } from './references.ts';
import { entryResponse, presentEntry } from './respond.ts';
import { type Run, readBack } from './run.ts';
import { checkUnique } from './uniqueness.ts';

export async function createResource(
  run: Run,
  mapping: ResourceMapping,
  request: ScimRequest & { operation: 'create' },
): Promise<ScimResponse> {
  const { resource, projection } = request;
  const { signal } = run.context;
  const resolver = createReferenceResolver(run);
  await Promise.all([
    resolver.lookUp(mapping.mappers.flatMap((mapper) => [...mapper.lookups([getAttribute(resource, mapper.ref)])])),
    checkUnique(run, mapping, resource),
  ]);
  const context = { references: resolver, now: Date.now() };
  // A resource that cannot be stored must not cost a number.
  planAdd(mapping, resource, context, new Map());
  const add = planAdd(mapping, resource, context, await drawNumbers(run, counterNeeds(mapping)));

  const plan = planFetch(mapping, projection, { versioned: true });
  const password = passwordOf(mapping, resource);
  const postRead: RequestControl[] =
    run.dialect.capabilities.postRead && password === undefined
      ? [{ kind: 'postRead', attributes: plan.attributes }]
      : [];
  const result = await run.directory.add({ ...add, controls: postRead }, { signal });
  if (password !== undefined) await setFirstPassword(run, add.dn, password);
  const entry = result.controls.postRead ?? (await readBack(run, add.dn, plan));
  const body = await presentEntry(run, mapping, entry, plan, projection, resolver);
  return entryResponse(run, mapping, entry, readVersion(mapping, entry, resolver), 201, body);
}

function passwordOf(mapping: ResourceMapping, resource: Resource): string | undefined {
  const mapper = mapping.mappers.find((each) => each.passwordModify === true);
  const password = mapper === undefined ? undefined : getAttribute(resource, mapper.ref);
  return typeof password === 'string' ? password : undefined;
}

async function setFirstPassword(run: Run, dn: string, password: string): Promise<void> {
  try {
    await run.directory.passwordModify({ userIdentity: dn, newPassword: password }, { signal: run.context.signal });
  } catch (error) {
    try {
      await run.directory.delete({ dn });
    } catch (undoError) {
      throw new HalfAppliedError(error, undoError);
    }
    throw error;
  }
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
