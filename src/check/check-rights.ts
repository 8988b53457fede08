// What the account of the gateway may do, found out by requests that cannot succeed: a value is taken away that no entry
// has, an entry moved below one that is not there. Who may not do it is told so (50); who may is told that it cannot be
// done, and nothing has happened. Seen on OpenLDAP 2.5.13, 389 Directory Server 2.3.1 and Samba 4.17.12.
import { randomUUID } from 'node:crypto';
import { childDn, firstRdn, parentDn, rdnText } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import { DN_SYNTAX } from '../ldap/syntaxes/distinguished-name.ts';
import { isValidValue } from '../ldap/syntaxes/syntaxes.ts';
import type { LdapValue } from '../ldap/value.ts';
import { isReadOnlyKey } from '../mapping/characteristics.ts';
import type { MappedKey } from '../mapping/compile-scope.ts';
import { directoryName, typeKey } from '../mapping/directory-name.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import type { CheckRun, TypeSample } from './check-run.ts';
import { someOf } from './report.ts';

export async function checkRights(run: CheckRun, samples: readonly TypeSample[]): Promise<void> {
  for (const { mapping, entries } of samples) {
    const type = mapping.type.name;
    const [entry] = entries;
    if (entry === undefined) {
      run.remark(`Rights: there is no ${type} to try them on.`);
      continue;
    }
    const naming = typeKey(mapping.entry.rdn);
    const refused = new Map<string, MappedKey[]>();
    const untold: string[] = [];
    let tried = 0;
    for (const key of mapping.keys) {
      const name = directoryName(key.mapping.attribute ?? '', run.mapping.subschema);
      if (key.mapping.attribute === undefined || isReadOnlyKey(key.mapping) || typeKey(name) === naming) continue;
      if (key.target.ref.attribute.mutability === 'readOnly' || key.mapping.write === 'quotedUtf16') continue;
      const outcome = await tryWrite(run, entry, name);
      if (outcome !== 'untold') tried += 1;
      if (outcome === 'refused') refused.set(name, [...(refused.get(name) ?? []), key]);
      if (outcome === 'untold') untold.push(name);
    }
    reportRefused(run, mapping, entry, refused, tried);
    if (untold.length > 0) run.remark(`Rights: whether ${type} may get ${untold.join(', ')} could not be found out.`);
    await checkPasswordRight(run, mapping.keys, entry);
    await checkRenameRight(run, mapping, naming, entry);
    run.remark(
      `Rights: whether ${type} entries may be created and deleted shows with the first one; it cannot be asked without a trace.`,
    );
  }
}

/** Who may write nothing is told so once, and not sixty times. */
function reportRefused(
  run: CheckRun,
  { type }: ResourceMapping,
  { dn }: LdapEntry,
  refused: ReadonlyMap<string, readonly MappedKey[]>,
  tried: number,
): void {
  const keys = [...refused].flatMap(([name, own]) => own.map((key) => ({ name, key })));
  if (keys.length > 1 && keys.length === tried) {
    const message = `the account of the gateway may not write any attribute of ${dn}: ${someOf([...refused.keys()])}`;
    run.report('mayNotWrite', 'error', ['resourceTypes', type.name], message);
  } else {
    for (const { name, key } of keys.filter((each) => each.key.mapping.write === undefined))
      run.report('mayNotWrite', 'error', key.path, `the account of the gateway may not write ${name} of ${dn}`);
  }
  for (const { name, key } of keys.filter((each) => each.key.mapping.write !== undefined)) {
    const message = `the account of the gateway may not write ${name} of ${dn}, so it cannot set passwords`;
    run.report('mayNotSetPassword', 'error', key.path, message);
  }
}

type Outcome = 'allowed' | 'refused' | 'untold';

/** Takes away a value that is not there. */
async function tryWrite(run: CheckRun, entry: LdapEntry, attribute: string): Promise<Outcome> {
  const value = absentValue(run.mapping.subschema.attributeType(attribute));
  if (value === undefined) return 'untold';
  const modifications = [{ operation: 'delete', attribute, values: [value] }] as const;
  return await outcomeOf(run.directory.modify({ dn: entry.dn, modifications }));
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return 'allowed';
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    const refusals: readonly number[] = [resultCode.insufficientAccessRights, resultCode.strongerAuthRequired];
    if (refusals.includes(error.code)) return 'refused';
    // Held against the syntax, or the rules of the attribute, before anybody looked at the rights.
    const untold: readonly number[] = [
      resultCode.invalidAttributeSyntax,
      resultCode.undefinedAttributeType,
      resultCode.inappropriateMatching,
      resultCode.operationsError,
      // Samba 4.17.12 looks for the new parent of an entry before it looks at the rights.
      resultCode.other,
    ];
    return untold.includes(error.code) ? 'untold' : 'allowed';
  }
}

/** A value of the syntax that no entry has; undefined where none is known. */
function absentValue(type: AttributeType | undefined): LdapValue | undefined {
  if (type === undefined) return undefined;
  const unique = randomUUID();
  const candidates = [
    ...(type.syntax === DN_SYNTAX ? [`cn=${unique}`] : []),
    unique,
    `cn=${unique}`,
    '-2147483647',
    '19010101000001Z',
    'x-none',
    '00',
  ];
  // A flag has two values, and an entry may have either.
  if (type.syntax.endsWith('.121.1.7')) return undefined;
  return candidates.find((each) => isValidValue(type.syntax, Buffer.from(each)));
}

/** By RFC 3062 the server writes the attribute where it keeps passwords (RFC 4519 s2.41). */
async function checkPasswordRight(run: CheckRun, keys: readonly MappedKey[], entry: LdapEntry): Promise<void> {
  const key = keys.find(({ mapping }) => mapping.write === 'passwordModify' || mapping.write === 'quotedUtf16');
  if (key === undefined) return;
  const attribute = run.dialect.passwordAttribute;
  if (key.mapping.write === 'quotedUtf16' || attribute === undefined) {
    // A wrong old password counts as a failed logon there.
    run.remark('Rights: whether passwords may be set cannot be asked of this directory without a trace.');
    return;
  }
  if ((await tryWrite(run, entry, attribute)) !== 'refused') return;
  run.report(
    'mayNotSetPassword',
    'error',
    key.path,
    `the account of the gateway may not write the password of ${entry.dn}`,
  );
}

/** Moves it below a place that is not there. */
async function checkRenameRight(run: CheckRun, mapping: ResourceMapping, naming: string, entry: LdapEntry) {
  const reason = renameReason(run, mapping, naming);
  if (reason === undefined) return;
  const newSuperior = childDn(rdnText('ou', randomUUID()), parentDn(entry.dn));
  const request = { dn: entry.dn, newRdn: firstRdn(entry.dn), deleteOldRdn: true, newSuperior };
  const outcome = await outcomeOf(run.directory.modifyDn(request));
  if (outcome === 'untold')
    run.remark(`Rights: whether ${mapping.type.name} entries may be renamed could not be found out.`);
  if (outcome !== 'refused') return;
  const message = `the account of the gateway may not rename or move ${entry.dn}, so ${reason.what} cannot change`;
  run.report('mayNotRename', 'error', reason.path, message);
}

/** What changes the name of an entry: an attribute that is its name, or of which its name is made. */
function renameReason(
  run: CheckRun,
  { keys, entry, type }: ResourceMapping,
  naming: string,
): { readonly path: readonly string[]; readonly what: string } | undefined {
  const key = keys.find(
    ({ mapping }) =>
      mapping.attribute !== undefined &&
      !isReadOnlyKey(mapping) &&
      typeKey(directoryName(mapping.attribute, run.mapping.subschema)) === naming,
  );
  if (key !== undefined) return key.mapping.access === 'writeOnce' ? undefined : { path: key.path, what: key.key };
  const follows = entry.defaults.some(
    (each) => 'follows' in each && each.follows && typeKey(each.attribute) === naming,
  );
  return follows
    ? { path: ['resourceTypes', type.name, 'entry', 'follow'], what: `${entry.rdn}, which follows,` }
    : undefined;
}
