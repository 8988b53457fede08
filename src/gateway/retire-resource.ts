// DELETE where the mapping keeps the entry: it is disabled, loses its groups, and goes to where nobody finds it; as much
// of it as the policy says. A failure takes back what went before, so that the same request can be sent again.
import { firstRdn, parseDn, printDn } from '../ldap/dn.ts';
import { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { DeletePolicy, ResourceMapping } from '../mapping/mapping.ts';
import { planPatch } from '../mapping/plan-change.ts';
import { joinPlans, readId } from '../mapping/plan-fetch.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { toTheEnd } from './after-write.ts';
import { applyChanges, type Guard, versionGuard } from './apply-changes.ts';
import { countingDeletion } from './count-deletions.ts';
import { invertModifications } from './invert-modifications.ts';
import { checkIfMatch, versionReads } from './preconditions.ts';
import { createReferenceResolver } from './references.ts';
import { referenceKeys, removeReferences, repairReferences } from './repair-references.ts';
import { inRounds } from './rounds.ts';
import { getEntry, type Run } from './run.ts';
import { undoing } from './undo.ts';

type RetirePolicy = DeletePolicy & { readonly kind: 'retire' };
type DeleteRequest = ScimRequest & { operation: 'delete' };

export function retireResource(
  run: Run,
  mapping: ResourceMapping,
  policy: RetirePolicy,
  request: DeleteRequest,
): Promise<ScimResponse> {
  const once = () => retireOnce(run, mapping, policy, request);
  return run.serialize(`${mapping.type.name} ${request.id}`, () => inRounds(run, once));
}

async function retireOnce(
  run: Run,
  mapping: ResourceMapping,
  { disable, container, keepsReferences }: RetirePolicy,
  request: DeleteRequest,
): Promise<ScimResponse> {
  const operations =
    disable === undefined ? [] : [{ op: 'replace', target: { ref: disable.ref }, value: false } as const];
  const plan = planPatch(run.compiled, mapping, operations, run.context.profile);
  const own = { mappers: [], attributes: [...versionReads(mapping), ...referenceKeys(run, mapping)], needs: [] };
  const reads = plan.fetch === undefined ? own : joinPlans(mapping, plan.fetch, own);
  const entry = await getEntry(run, mapping, request.id, reads);
  await checkIfMatch(run, mapping, entry, request.preconditions);
  const resolver = createReferenceResolver(run);
  const context = { references: resolver, now: resolver.now };
  const modifications = plan.fetch === undefined ? [] : plan.change(entry, context).modifications;
  const guard = versionGuard(run, mapping, entry);
  const writing = toTheEnd(run);
  const retire = () =>
    undoing(async (undo) => {
      if (modifications.length > 0) {
        await applyChanges(writing, entry, { modifications, valueChanges: [] }, guard, undefined);
        undo.push(() =>
          run.directory.modify({ dn: entry.dn, modifications: invertModifications(modifications, entry) }),
        );
      }
      if (!keepsReferences) await removeReferences(writing, mapping, entry, undo);
      if (container === undefined) return entry.dn;
      // A move without an answer may have been made: then nothing is taken back, as the old name may soon be another's.
      undo.push(() => getEntry(writing, mapping, request.id, { attributes: [mapping.id.attribute], needs: [] }));
      return await hide(writing, mapping, entry, container, modifications.length > 0 ? {} : guard);
    });
  const dn = await countingDeletion(run, retire);
  if (dn === entry.dn) return { status: 204 };
  if (keepsReferences) await repairReferences(writing, mapping, entry, dn);
  else {
    // Somebody may have put it into a group meanwhile, and the directory may have mended that: in this order neither is missed.
    await repairReferences(writing, mapping, entry, undefined);
    await repairReferences(writing, mapping, new LdapEntry(dn, entry.attributes), undefined);
  }
  return { status: 204 };
}

/** Its DN in the container. Who left before may have had the same name: then the id becomes a part of it. */
async function hide(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  container: string,
  guard: Guard,
): Promise<string> {
  const changes = { modifications: [], valueChanges: [], move: container };
  try {
    return (await applyChanges(run, entry, changes, guard, undefined)).dn;
  } catch (error) {
    if (!(error instanceof LdapError) || error.code !== resultCode.entryAlreadyExists) throw error;
    const rename = withId(entry.dn, readId(mapping, entry) ?? '');
    return (await applyChanges(run, entry, { ...changes, rename }, guard, undefined)).dn;
  }
}

/** Characters that a cn takes: X.520 says so, and Active Directory refuses more. */
const MOST_NAME = 64;

/** Another name in the same container: the id makes it one of a kind, whatever has to go of the rest. */
function withId(dn: string, id: string): string {
  const [rdn = []] = parseDn(firstRdn(dn));
  const renamed = (name: string): string => {
    const kept = name.slice(0, Math.max(0, MOST_NAME - 1 - id.length));
    return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}-${id}`;
  };
  return printDn([rdn.map((part, index) => (index === 0 ? { ...part, value: renamed(String(part.value)) } : part))]);
}
