// A mapping against the directory that it is for: its places and entries, its indexes, the rights of the account, the
// entries as they are. Nothing is written: what a write would do is found out by writes that are withheld, and rights by
// requests that cannot succeed.
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { filterAttributes, present } from '../ldap/filter.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { readId } from '../mapping/plan-fetch.ts';
import { isOfType } from '../mapping/reach.ts';
import type { Problem } from '../util/problem.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkRights } from './check-rights.ts';
import { checkRoundTrips } from './check-round-trips.ts';
import type { CheckRun, CheckSubject, TypeSample } from './check-run.ts';
import { checkSchema } from './check-schema.ts';
import { directoryProblems } from './problem-codes.ts';
import { reportTo, someOf } from './report.ts';

export interface DirectoryCheck {
  readonly problems: readonly Problem[];
  /** What could not be found out, and what was. */
  readonly remarks: readonly string[];
}

/** Rejects where the directory stops to answer. */
export async function checkDirectory(subject: CheckSubject): Promise<DirectoryCheck> {
  const problems: Problem[] = [];
  const remarks: string[] = [];
  const report = reportTo(problems, subject.source, directoryProblems);
  const run: CheckRun = { ...subject, report, remark: (text) => remarks.push(text) };
  checkSchema(subject.mapping, subject.dialect, report);
  const samples: TypeSample[] = [];
  for (const mapping of subject.mapping.resourceTypes) {
    subject.progress?.(`${mapping.type.name}: reading some entries`);
    samples.push({ mapping, entries: await readSample(run, mapping) });
  }
  subject.progress?.('reading what is indexed');
  await checkIndexes(run);
  subject.progress?.('asking for rights, by requests that cannot succeed');
  await checkRights(run, samples);
  subject.progress?.('reading entries and writing them back, in thought');
  await checkRoundTrips(run, samples);
  return { problems: inFileOrder(problems), remarks };
}

async function readSample(run: CheckRun, mapping: ResourceMapping): Promise<readonly LdapEntry[]> {
  const { bases, scope, filter } = mapping.entry;
  const path = ['resourceTypes', mapping.type.name, 'entry'];
  const named = [mapping.id.attribute, mapping.entry.rdn, 'objectClass', ...filterAttributes(filter)];
  const attributes = [
    ...new Set([...named, ...mapping.mappers.flatMap(({ reference }) => reference?.attribute ?? [])]),
  ];
  const found: LdapEntry[] = [];
  let places = 0;
  for (const [index, base] of bases.entries()) {
    const key = bases.length === 1 ? 'base' : `base.${index}`;
    try {
      const own = await run.directory
        .search({ base, scope: 'base', filter: present('objectClass'), attributes: ['1.1'] })
        .collect();
      if (own.entries.length === 0) throw new LdapError(resultCode.noSuchObject);
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      run.report('noBase', 'error', [...path, ...key.split('.')], `${base}: ${error.message}`);
      continue;
    }
    places += 1;
    found.push(...(await firstEntries(run, { base, scope, filter, attributes })));
  }
  const entries = found.filter((entry) => isOfType(mapping.entry, entry)).slice(0, run.sample);
  if (entries.length === 0 && places > 0) {
    run.report(
      'nothingFound',
      'warning',
      [...path, 'filter'],
      `no ${mapping.type.name} is found below ${someOf(bases)}`,
    );
  }
  const nameless = entries.filter((entry) => readId(mapping, entry) === undefined);
  if (nameless.length > 0) {
    const keys = ['resourceTypes', mapping.type.name, 'attributes', 'id'];
    const severity = nameless.length === entries.length ? 'error' : 'warning';
    const count = `${nameless.length} of ${entries.length} entries that were looked at have`;
    run.report('noId', severity, keys, `${count} no ${mapping.id.attribute}, such as ${nameless[0]?.dn ?? ''}`);
  }
  await checkPlace(run, mapping);
  return entries;
}

/** Whether there is something below which new entries go. */
async function checkPlace(run: CheckRun, { placement, entry, type }: ResourceMapping): Promise<void> {
  const places = new Map([[placement.otherwise, ['createBase']]]);
  for (const [value, dn] of placement.rule?.places ?? []) places.set(dn, ['placement', 'places', value]);
  for (const base of entry.bases) places.delete(base);
  for (const [dn, key] of places) {
    try {
      await run.directory
        .search({ base: dn, scope: 'base', filter: present('objectClass'), attributes: ['1.1'] })
        .collect();
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      run.report('noBase', 'error', ['resourceTypes', type.name, 'entry', ...key], `${dn}: ${error.message}`);
    }
  }
}

/** A directory may cut the search short, which is all the same here. */
async function firstEntries(
  { directory, sample, dialect }: CheckRun,
  request: Pick<Parameters<DirectoryPort['search']>[0], 'base' | 'scope' | 'filter' | 'attributes'>,
): Promise<readonly LdapEntry[]> {
  const found: LdapEntry[] = [];
  const paged = dialect.capabilities.pagedResults ? { pageSize: sample } : { sizeLimit: sample };
  try {
    for await (const entry of directory.search({ ...request, ...paged })) {
      found.push(entry);
      if (found.length === sample) break;
    }
  } catch (error) {
    if (!(error instanceof LdapError) || error.code !== resultCode.sizeLimitExceeded) throw error;
  }
  return found;
}

function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
