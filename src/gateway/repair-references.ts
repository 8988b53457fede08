// Keeps references whole where the directory does not: after a rename they lead to the new name, after a delete they are
// gone, and who leaves is taken out of them beforehand. With an overlay that repairs them itself (refint on OpenLDAP) the
// searches here find nothing.
import { rdnValue } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { and, equality } from '../ldap/filter.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { ReferenceRule } from '../mapping/mapper.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { unrepaired } from './after-write.ts';
import { changeValues } from './apply-changes.ts';
import { inAttempts } from './attempts.ts';
import { invertModifications } from './invert-modifications.ts';
import { findEntries, type Run } from './run.ts';
import type { Undo } from './undo.ts';

/** LDAP attributes of an entry by which others may hold it. */
export function referenceKeys(run: Run, mapping: ResourceMapping): string[] {
  return rulesTo(run, mapping).flatMap(({ rule }) => rule.by ?? []);
}

/**
 * `entry` is as it was; `newDn` is absent where it is gone. `run` is one that goes to the end. A directory that does not
 * answer is asked again; throws `ScimError` 500 where references remain.
 */
export async function repairReferences(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  newDn: string | undefined,
): Promise<void> {
  try {
    await inAttempts(() => repairAll(asMender(run), mapping, entry, newDn, []));
  } catch (error) {
    throw unrepaired(error);
  }
}

/**
 * Takes an entry that stays out of everything that refers to it. Before it moves: the refint overlay of OpenLDAP 2.5.13
 * mends references after its answer, so that afterwards nobody can tell under which name the last one is found.
 */
export async function removeReferences(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  undo: Undo[],
): Promise<void> {
  await inAttempts(() => repairAll(asMender(run), mapping, entry, undefined, undo));
}

/** What refers to an entry that is gone or renamed is put right in protected entries, too. */
function asMender(run: Run): Run {
  return { ...run, directory: run.mending };
}

async function repairAll(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  newDn: string | undefined,
  undo: Undo[],
): Promise<void> {
  await allOf(
    rulesTo(run, mapping).map(async ({ holder, rule }) => {
      const old = rule.by === undefined ? entry.dn : (rdnValue(entry.dn, rule.by) ?? entry.first(rule.by));
      const fresh = newDn === undefined ? undefined : rule.by === undefined ? newDn : rdnValue(newDn, rule.by);
      if (old === undefined || old === fresh || (newDn !== undefined && fresh === undefined)) return;
      const filter = and(holder.entry.filter, equality(rule.attribute, old));
      const holders = await findEntries(run, holder, [filter], [holder.id.attribute]);
      await allOf(holders.map((holding) => repair(run, holding, rule, old, fresh, undo)));
    }),
  );
}

/** Each is seen to its end, so that nothing is done after a failure is told. Throws the first one. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

async function repair(
  run: Run,
  holder: LdapEntry,
  rule: ReferenceRule,
  old: string,
  fresh: string | undefined,
  undo: Undo[],
): Promise<void> {
  const { attribute, placeholder } = rule;
  const add = fresh === undefined ? [] : [fresh];
  const change = { attribute, add, remove: [old], ...(placeholder === undefined ? {} : { placeholder }) };
  try {
    const sent = await changeValues(run, holder.dn, change);
    if (sent.length === 0) return;
    undo.push(() => run.directory.modify({ dn: holder.dn, modifications: invertModifications(sent, holder) }));
  } catch (error) {
    // The holder itself went meanwhile.
    if (!(error instanceof LdapError && error.code === resultCode.noSuchObject)) throw error;
  }
}

function rulesTo(run: Run, mapping: ResourceMapping): { holder: ResourceMapping; rule: ReferenceRule }[] {
  return run.whole.resourceTypes.flatMap((holder) =>
    holder.mappers.flatMap(({ reference, writes }) =>
      reference?.types.includes(mapping.type.name) === true && writes.length > 0 ? [{ holder, rule: reference }] : [],
    ),
  );
}
