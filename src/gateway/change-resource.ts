// PATCH and PUT (RFC 7644 s3.5). The plan says what to read and what to write; this file reads, guards, writes, and tries
// again from the start where the entry changed in between; an If-Match of the client is then looked at again, too.

import type { LdapEntry } from '../ldap/entry.ts';
import type { Modification } from '../ldap/operations.ts';
import { entryAfter } from '../mapping/entry-after.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';
import { type ChangePlan, planPatch, planReplace } from '../mapping/plan-change.ts';
import { type FetchPlan, joinPlans, planFetch, readVersion } from '../mapping/plan-fetch.ts';
import { planPassword, readsForPassword, splitByPassword, splitByUndo, valuesAfter } from '../mapping/plan-password.ts';
import { badRequest } from '../scim/error.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { afterWrite, toTheEnd } from './after-write.ts';
import { type Applied, applyChanges, type Changes, type Guard, versionGuard } from './apply-changes.ts';
import { countingDeletion } from './count-deletions.ts';
import { checkLimit, checkSealed } from './permit-request.ts';
import { checkIfMatch, resolveVersion, versionReads } from './preconditions.ts';
import { createReferenceResolver, type ReferenceResolver } from './references.ts';
import { repairReferences } from './repair-references.ts';
import { entryResponse, presentEntry } from './respond.ts';
import { inRounds } from './rounds.ts';
import { getEntry, type Run, readBack } from './run.ts';
import { checkUnique } from './uniqueness.ts';

type ChangeRequest = ScimRequest & { operation: 'patch' | 'replace' };

export async function changeResource(
  run: Run,
  mapping: ResourceMapping,
  request: ChangeRequest,
): Promise<ScimResponse> {
  const plan = planChange(run.compiled, mapping, request, run);
  const shown = wantsBody(request, run) ? planFetch(mapping, request.projection, { versioned: true }) : undefined;
  const once = () => changeOnce(run, mapping, request, plan, shown);
  // What reads nothing cannot be overtaken: member changes of one group go side by side. A password may lift a lock.
  if (plan.fetch === undefined && plan.password === undefined) return once();
  return run.serialize(`${mapping.type.name} ${request.id}`, () => inRounds(run, once));
}

function planChange(compiled: CompiledMapping, mapping: ResourceMapping, request: ChangeRequest, run: Run): ChangePlan {
  return request.operation === 'patch'
    ? planPatch(compiled, mapping, request.operations, run.context.profile)
    : planReplace(compiled, mapping, request.resource, request.cleared ?? []);
}

async function changeOnce(
  run: Run,
  mapping: ResourceMapping,
  request: ChangeRequest,
  plan: ChangePlan,
  shown: FetchPlan | undefined,
): Promise<ScimResponse> {
  const resolver = createReferenceResolver(run);
  const [entry] = await Promise.all([
    getEntry(run, mapping, request.id, planFirstRead(mapping, plan, shown)),
    resolver.lookUp(plan.lookups),
  ]);
  await checkIfMatch(run, mapping, entry, request.preconditions);
  const { changes, guard, disables } = await compileChanges(run, mapping, request, plan, entry, resolver);
  const postRead =
    shown === undefined ? versionReads(mapping) : hasManyReferences(shown) ? undefined : shown.attributes;
  const writing = toTheEnd(run);
  const apply = () => applyChanges(writing, entry, changes, guard, postRead);
  const applied = await (disables ? countingDeletion(run, apply) : apply());
  if (applied.dn !== entry.dn) await repairReferences(writing, mapping, entry, applied.dn);
  const answer = () => answerChange(run, mapping, request, { plan, shown, entry, applied });
  return applied.changed ? afterWrite(answer) : answer();
}

async function answerChange(
  run: Run,
  mapping: ResourceMapping,
  request: ChangeRequest,
  done: {
    readonly plan: ChangePlan;
    readonly shown: FetchPlan | undefined;
    /** As it was. */
    readonly entry: LdapEntry;
    readonly applied: Applied;
  },
): Promise<ScimResponse> {
  const { plan, shown, entry, applied } = done;
  if (shown === undefined) {
    const reads = { attributes: versionReads(mapping), needs: [] };
    const after = applied.entry ?? (applied.changed ? await readBack(run, applied.dn, reads) : entry);
    return entryResponse(run, mapping, after, await resolveVersion(run, mapping, after), 204);
  }
  const unchanged = !applied.changed && plan.fetch !== undefined ? entry : undefined;
  const after = applied.entry ?? unchanged ?? (await readBack(run, applied.dn, shown));
  const fresh = createReferenceResolver(run);
  const body = await presentEntry(run, mapping, after, shown, request.projection, fresh);
  return entryResponse(run, mapping, after, readVersion(mapping, after, fresh), 200, body);
}

/** A change that reads nothing leaves the answer to a read of its own, so that a group's members stay where they are. */
function planFirstRead(mapping: ResourceMapping, plan: ChangePlan, shown: FetchPlan | undefined): FetchPlan {
  const locks = plan.password === undefined ? [] : readsForPassword(mapping);
  const limits = mapping.entry.limit?.attributes ?? [];
  const own = { mappers: [], attributes: [...versionReads(mapping), ...locks, ...limits], needs: [] };
  if (plan.fetch === undefined) return own;
  const joined = joinPlans(mapping, plan.fetch, own);
  return shown === undefined ? joined : joinPlans(mapping, joined, shown);
}

async function compileChanges(
  run: Run,
  mapping: ResourceMapping,
  request: ChangeRequest,
  plan: ChangePlan,
  entry: LdapEntry,
  resolver: ReferenceResolver,
): Promise<{ changes: Changes; guard: Guard; disables: boolean }> {
  const context = { references: resolver, now: resolver.now };
  if (plan.password === null) throw badRequest('invalidValue', 'password cannot be removed; set another one.');
  const withPassword = (modifications: readonly Modification[], after: Resource) => {
    if (typeof plan.password !== 'string') return { modifications };
    const valuesOf = (attribute: string) => valuesAfter(entry.bytes(attribute), attribute, modifications);
    const { first, waiting } = splitByPassword(mapping, modifications, after);
    return { modifications: first, password: planPassword(mapping, plan.password, waiting, valuesOf) };
  };
  const valueChanges = plan.valueChanges(context);
  const conditional = request.preconditions.ifMatch !== undefined;
  if (plan.fetch === undefined) {
    return {
      changes: { ...withPassword([], {}), valueChanges },
      guard: conditional ? versionGuard(run, mapping, entry) : {},
      disables: false,
    };
  }
  await resolver.resolve([entry], plan.fetch.needs);
  const { before, after, modifications, ...naming } = plan.change(entry, context);
  checkSealed(mapping, before, after);
  checkLimit(mapping, entryAfter(entry, { modifications, ...naming }));
  await checkUnique(run, mapping, after, { id: request.id, resource: before });
  const renames = naming.rename !== undefined || naming.move !== undefined;
  const { first, last } = renames ? splitByUndo(mapping, modifications) : { first: modifications, last: [] };
  const changes = { ...withPassword(first, after), valueChanges, ...naming, last };
  return { changes, guard: versionGuard(run, mapping, entry), disables: isDisabled(mapping, before, after) };
}

function isDisabled({ byKey }: ResourceMapping, before: Resource, after: Resource): boolean {
  const active = byKey.get('active')?.ref;
  return active !== undefined && getAttribute(before, active) === true && getAttribute(after, active) === false;
}

/** Members come cheaper by a search of their own, which can dereference them. */
function hasManyReferences(plan: FetchPlan): boolean {
  return plan.mappers.some(
    (mapper) => mapper.ref.attribute.multiValued && mapper.needs.some((need) => need.kind === 'forward'),
  );
}

/** E6: 200 with the resource for PUT and for users, 204 for groups unless the body is asked for; a profile may fix it. */
function wantsBody(request: ChangeRequest, run: Run): boolean {
  if (request.prefer !== undefined) return request.prefer === 'representation';
  if (request.operation === 'replace') return true;
  if (request.projection.attributes !== undefined || request.projection.excludedAttributes !== undefined) return true;
  const { patchResponse } = run.context.profile;
  if (patchResponse !== 'byType') return patchResponse === 'representation';
  return request.resourceType.name !== 'Group';
}
