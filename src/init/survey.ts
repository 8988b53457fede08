// Reads what a directory holds: who it is, where people and groups are, and some of them whole. Nothing is decided here.
import type { Dialect } from '../ldap/dialects/dialect.ts';
import { type Landmarks, usualLandmarks } from '../ldap/dialects/landmarks.ts';
import { dnKey, isWithin } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { parseLdapFilter } from '../ldap/parse-filter.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { Subschema } from '../ldap/subschema/subschema.ts';

export interface Survey {
  readonly rootDse: LdapEntry;
  readonly dialect: Dialect;
  readonly landmarks: Landmarks;
  readonly subschema: Subschema;
  /** Where was looked: naming contexts, or what was asked for. */
  readonly bases: readonly string[];
  readonly people: Found;
  readonly groups: Found;
}

export interface Found {
  /** DNs, of all that were found. */
  readonly dns: readonly string[];
  /** There are more than were looked at. */
  readonly cut: boolean;
  /** Some of them, whole. */
  readonly sample: readonly LdapEntry[];
}

export interface SurveyOptions {
  /** Where to look; absent: everywhere. */
  readonly base?: string;
  /** The account that reads, which is nobody's. */
  readonly bindDn?: string;
  readonly progress: (text: string) => void;
}

/** Entries whose DNs are read, and of those whole ones. */
const MOST_ENTRIES = 20_000;
const SAMPLE = 300;

/** Rejects with the errors of the port. */
export async function surveyDirectory(
  directory: DirectoryPort,
  known: Pick<Survey, 'rootDse' | 'dialect' | 'subschema'>,
  options: SurveyOptions,
): Promise<Survey> {
  const landmarks = known.dialect.landmarks ?? usualLandmarks;
  const bases = options.base === undefined ? landmarks.contexts(known.rootDse) : [options.base];
  const look = async (what: string, filter: string): Promise<Found> => {
    const dns: string[] = [];
    const sample: LdapEntry[] = [];
    let cut = false;
    for (const base of bases) {
      // The names of all first: a sample alone might come from one corner of the tree.
      cut =
        (await readAll(
          base,
          filter,
          [known.dialect.capabilities.matchEntryDn ? '1.1' : 'objectClass'],
          MOST_ENTRIES,
          (entry) => {
            if (isSelf(entry, options.bindDn)) return;
            dns.push(entry.dn);
            if (dns.length % 1000 === 0) options.progress(`${what}: ${dns.length}`);
          },
        )) || cut;
      const names = ['*', ...landmarks.ids.map(([attribute]) => attribute)];
      const wanted = sample.length + SAMPLE;
      await readAll(base, filter, names, SAMPLE + 1, (entry) => {
        if (!isSelf(entry, options.bindDn) && sample.length < wanted) sample.push(entry);
      });
    }
    options.progress(`${what}: ${dns.length}${cut ? ' or more' : ''}`);
    return { dns, cut, sample };
  };
  const readAll = async (
    base: string,
    filter: string,
    attributes: readonly string[],
    most: number,
    take: (entry: LdapEntry) => void,
  ): Promise<boolean> => {
    const paged = known.dialect.capabilities.pagedResults ? { pageSize: Math.min(500, most) } : {};
    const request = { base, scope: 'subtree', filter: parseLdapFilter(filter), attributes, ...paged } as const;
    let count = 0;
    try {
      for await (const entry of directory.search(request)) {
        count += 1;
        if (count > most) return true;
        take(entry);
      }
      return false;
    } catch (error) {
      const cuts: readonly number[] = [resultCode.sizeLimitExceeded, resultCode.adminLimitExceeded];
      if (error instanceof LdapError && cuts.includes(error.code)) return true;
      // Something that is named as a naming context and may not be read holds nobody of ours.
      const closed: readonly number[] = [resultCode.noSuchObject, resultCode.insufficientAccessRights];
      if (error instanceof LdapError && closed.includes(error.code) && options.base === undefined) return false;
      throw error;
    }
  };
  return {
    ...known,
    landmarks,
    bases,
    people: await look('people', landmarks.people),
    groups: await look('groups', landmarks.groups),
  };
}

function isSelf({ dn }: LdapEntry, bindDn: string | undefined): boolean {
  return bindDn !== undefined && dnKey(dn) === dnKey(bindDn);
}

/** The naming context that a DN is in. */
export function suffixOf({ rootDse, bases }: Pick<Survey, 'rootDse' | 'bases'>, dn: string): string {
  const contexts = rootDse.strings('namingContexts').filter((each) => each !== '' && isWithin(dn, each, 'subtree'));
  return contexts.toSorted((a, b) => b.length - a.length)[0] ?? bases[0] ?? dn;
}
