// Runs what a plan says shall change in one entry: one modify for everything that a modify can hold, then the rename or
// move, then what cannot be undone, the password. What was written is undone when a later step fails. Adding a value that
// is there and removing one that is not succeed, without ever reading the whole attribute.
import { isDeepStrictEqual } from 'node:util';
import { dnKey, firstRdn, parentDn } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapConnectionError, LdapError } from '../ldap/errors.ts';
import { equality, not, or } from '../ldap/filter.ts';
import type { LdapResult, Modification, RequestControl } from '../ldap/operations.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { LdapValue } from '../ldap/value.ts';
import type { ValueChange } from '../mapping/mapper.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import type { PasswordPlan } from '../mapping/plan-password.ts';
import { renamedDn } from '../mapping/plan-write.ts';
import { ScimError } from '../scim/error.ts';
import { carryThrough, inAttempts } from './attempts.ts';
import { invertModifications } from './invert-modifications.ts';
import { keepingName } from './long-name.ts';
import { exists, renaming } from './missing-place.ts';
import type { Run } from './run.ts';
import { type Step, splitChanges } from './split-changes.ts';
import { undoing } from './undo.ts';

export interface Changes {
  readonly modifications: readonly Modification[];
  readonly valueChanges: readonly ValueChange[];
  /** New RDN. */
  readonly rename?: string;
  /** DN right below which the entry goes. */
  readonly move?: string;
  /** What nobody could undo, as its values before cannot be read: after the rename or move. */
  readonly last?: readonly Modification[];
  readonly password?: PasswordPlan;
}

export interface Applied {
  /** After a rename or a move the new one. */
  readonly dn: string;
  /** False where the directory was already as wanted. */
  readonly changed: boolean;
  /** The entry after the change, where the last operation could return it. */
  readonly entry?: LdapEntry;
}

/** The entry's version, or its absence of change, is what a write is based on. */
export interface Guard {
  /** RFC 4528, already wrapped for the directory. */
  readonly control?: RequestControl;
}

const ATTEMPTS = 5;

/** `before` is the entry as read, with every attribute that `changes.modifications` touches. */
export async function applyChanges(
  run: Run,
  before: LdapEntry,
  changes: Changes,
  guard: Guard,
  postRead: readonly string[] | undefined,
): Promise<Applied> {
  const { signal } = run.context;
  const guarded = guard.control === undefined ? [] : [guard.control];
  const reading = postRead !== undefined && run.dialect.capabilities.postRead;
  const controls = (last: boolean, first: boolean): RequestControl[] => [
    ...(first ? guarded : []),
    ...(last && reading ? [{ kind: 'postRead', attributes: postRead } as const] : []),
  ];
  const renames = changes.rename !== undefined || changes.move !== undefined;
  const { last: final = [] } = changes;
  return undoing(async (undo) => {
    let dn = before.dn;
    let changed = false;
    let entry: LdapEntry | undefined;
    const steps = splitChanges(changes.modifications, changes.valueChanges, run.dialect.capabilities.valuesPerWrite);
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1 && !renames && final.length === 0 && changes.password === undefined;
      const done = await modify(run, dn, step, controls(last, !changed));
      if (done === undefined) continue;
      changed = true;
      entry = done.result.controls.postRead;
      undo.push(() => run.directory.modify({ dn: before.dn, modifications: invertModifications(done.sent, before) }));
    }
    if (renames) {
      const newRdn = changes.rename ?? firstRdn(dn);
      const superior = changes.move === undefined ? {} : { newSuperior: changes.move };
      const last = final.length === 0 && changes.password === undefined;
      const request = { dn, newRdn, deleteOldRdn: true, ...superior, controls: controls(last, !changed) };
      const newDn = renamedDn(dn, changes);
      const rename = () => keepingName(run, newRdn, run.directory.modifyDn(request, { signal }));
      const result = await renaming(
        run,
        request,
        carryThrough(rename, () => isRenamed(run, request.dn, newDn)),
      );
      const back = changes.move === undefined ? {} : { newSuperior: parentDn(before.dn) };
      const oldRdn = firstRdn(before.dn);
      undo.push(() => run.directory.modifyDn({ dn: newDn, newRdn: oldRdn, deleteOldRdn: true, ...back }));
      dn = newDn;
      changed = true;
      entry = result?.controls.postRead;
    }
    if (final.length > 0) {
      const done = await modify(
        run,
        dn,
        { modifications: final, valueChanges: [] },
        controls(changes.password === undefined, !changed),
      );
      changed = true;
      entry = done?.result.controls.postRead;
    }
    if (changes.password !== undefined) {
      const { password } = changes;
      await setPassword(run, dn, password);
      await afterPassword(run, dn, password).catch((error: unknown) => {
        throw passwordKept(error);
      });
      changed = true;
      entry = undefined;
    }
    return { dn, changed, ...(entry === undefined ? {} : { entry }) };
  });
}

/** The password itself. */
export async function setPassword(run: Run, dn: string, plan: PasswordPlan): Promise<void> {
  const options = { signal: run.context.signal };
  const { password, modification } = plan;
  try {
    if (modification === undefined)
      await run.directory.passwordModify({ userIdentity: dn, newPassword: password }, options);
    else await run.directory.modify({ dn, modifications: [modification] }, options);
  } catch (error) {
    // It may have been set all the same, and a lock lifted by it.
    if (error instanceof LdapConnectionError && error.mayBeApplied) await write(run, dn, plan.kept);
    throw error;
  }
}

/**
 * What comes after it. Not under the request's signal: nobody may be left enabled because a client went away.
 */
export function afterPassword(run: Run, dn: string, { after, kept }: PasswordPlan): Promise<void> {
  return write(run, dn, [...after, ...kept]);
}

/** What had been made without an answer would be refused the second time: the value to take out is gone. */
async function write(run: Run, dn: string, modifications: readonly Modification[]): Promise<void> {
  if (modifications.length === 0) return;
  await inAttempts(
    () => run.directory.modify({ dn, modifications }),
    () => isMade(run, dn, modifications),
  );
}

async function isMade(run: Run, dn: string, modifications: readonly Modification[]): Promise<boolean> {
  const asIs = await Promise.all(
    modifications.flatMap(({ operation, attribute, values }) =>
      values.map(async (value) => (await holdsValue(run, dn, attribute, value)) === (operation !== 'delete')),
    ),
  );
  return asIs.every(Boolean);
}

/** Nobody knows the password of before, so that it could be set again. */
function passwordKept(cause: unknown): ScimError {
  const detail =
    'The new password is set, but what belongs to it was refused. Everything else of the request was taken back.';
  return new ScimError(500, undefined, detail, { cause });
}

async function isRenamed(run: Run, dn: string, newDn: string): Promise<boolean> {
  return dnKey(dn) !== dnKey(newDn) && (await exists(run, newDn)) && !(await exists(run, dn));
}

/** One modify of one entry's values, as far as they are not there, or gone, already; what was sent of it. */
export async function changeValues(run: Run, dn: string, change: ValueChange): Promise<readonly Modification[]> {
  return (await modify(run, dn, { modifications: [], valueChanges: [change] }, []))?.sent ?? [];
}

interface Sent {
  readonly result: LdapResult;
  readonly sent: readonly Modification[];
}

/** Undefined where nothing was left to change. */
async function modify(
  run: Run,
  dn: string,
  changes: Step,
  controls: readonly RequestControl[],
): Promise<Sent | undefined> {
  const { memberExists, memberMissing } = run.dialect.codes;
  let open = await Promise.all(
    changes.valueChanges.map(async (change) => ({ change, swap: await firstSwap(run, dn, change) })),
  );
  for (let attempt = 1; ; attempt += 1) {
    const sent = [...changes.modifications, ...open.flatMap(({ change, swap }) => toModifications(change, swap))];
    if (sent.length === 0) return undefined;
    try {
      const result = await run.directory.modify({ dn, modifications: sent, controls }, { signal: run.context.signal });
      return { result, sent };
    } catch (error) {
      if (!(error instanceof LdapError) || open.length === 0 || attempt === ATTEMPTS) throw error;
      if (
        error.code === resultCode.objectClassViolation &&
        open.some(({ change }) => change.placeholder !== undefined)
      ) {
        // The last value goes: the class demands one (OpenLDAP 2.5.13 answers 65).
        const left = await Promise.all(open.map(async ({ change }) => narrow(run, dn, change, true)));
        if (isDeepStrictEqual(left, open)) throw error;
        open = left;
      } else if (memberExists.includes(error.code) || memberMissing.includes(error.code)) {
        open = await Promise.all(open.map(async ({ change }) => narrow(run, dn, change, false)));
      } else throw error;
    }
  }
}

/** Whether the placeholder comes in, goes out, or stays as it is, along with the values. */
type Swap = 'none' | 'in' | 'out';

function toModifications({ attribute, add, remove, placeholder }: ValueChange, swap: Swap): Modification[] {
  const gone = swap === 'out' && placeholder !== undefined ? [...remove, placeholder] : remove;
  const come = swap === 'in' && placeholder !== undefined ? [...add, placeholder] : add;
  return [
    ...(gone.length > 0 ? [{ operation: 'delete', attribute, values: gone } as const] : []),
    ...(come.length > 0 ? [{ operation: 'add', attribute, values: come } as const] : []),
  ];
}

/** Q12: the first real value replaces the placeholder in the same modify. */
async function firstSwap(run: Run, dn: string, { attribute, add, placeholder }: ValueChange): Promise<Swap> {
  if (placeholder === undefined || add.length === 0) return 'none';
  return (await holdsValue(run, dn, attribute, placeholder)) ? 'out' : 'none';
}

/** The part of a change that is still to be done, found out value by value. */
async function narrow(
  run: Run,
  dn: string,
  change: ValueChange,
  emptied: boolean,
): Promise<{ change: ValueChange; swap: Swap }> {
  const holds = (value: string): Promise<boolean> => holdsValue(run, dn, change.attribute, value);
  // First: an overlay may just be putting it in the place of a value (refint of OpenLDAP 2.5.13 does so after its answer).
  const placeheld = change.placeholder !== undefined && (await holds(change.placeholder));
  const [add, remove] = await Promise.all([
    filterAsync(change.add, async (value) => !(await holds(value))),
    filterAsync(change.remove, holds),
  ]);
  const swap =
    add.length > 0 && placeheld
      ? 'out'
      : emptied && add.length === 0 && remove.length > 0 && !placeheld
        ? 'in'
        : 'none';
  return { change: { ...change, add, remove }, swap };
}

async function filterAsync(values: readonly string[], keep: (value: string) => Promise<boolean>): Promise<string[]> {
  const kept = await Promise.all(values.map(keep));
  return values.filter((_value, index) => kept[index]);
}

/** RFC 4511 s4.10: asks the directory, which need not send a single value. */
async function holdsValue(run: Run, dn: string, attribute: string, value: LdapValue): Promise<boolean> {
  try {
    return await run.directory.compare({ dn, attribute, value }, { signal: run.context.signal });
  } catch (error) {
    if (error instanceof LdapError && error.code === resultCode.noSuchAttribute) return false;
    throw error;
  }
}

/** Refuses the write where the entry is no longer of this version; undefined where the directory has no such control. */
export function versionGuard(run: Run, mapping: ResourceMapping, entry: LdapEntry): Guard {
  const { capabilities } = run.dialect;
  const version = mapping.version === undefined ? undefined : entry.bytes(mapping.version)[0];
  const id = entry.bytes(mapping.id.attribute)[0];
  if (!capabilities.assertion || mapping.version === undefined || version === undefined || id === undefined) return {};
  const same = equality(mapping.version, version);
  // True of every other entry, to which overlays apply the client's assertion too (OpenLDAP 2.5.13).
  const filter = capabilities.wholeAssertionWrap ? or(same, not(equality(mapping.id.attribute, id))) : same;
  return { control: { kind: 'assertion', filter } };
}
