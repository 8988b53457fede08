// The directory at hand, looked at and never changed: reads go to it, writes to an imagined one in front of it.
import type { LdapEntry } from '../ldap/entry.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { watchEntries } from '../ldap/watch-directory.ts';
import type { ImaginedDirectory } from './imagined-directory.ts';

export function withholdWrites(live: DirectoryPort, imagined: ImaginedDirectory): DirectoryPort {
  const seen = new Map<string, LdapEntry>();
  const note = (entry: LdapEntry): void => void seen.set(entry.dn, entry);
  const remember = (dn: string): void => {
    const entry = seen.get(dn);
    if (entry !== undefined) imagined.remember(entry);
  };
  return {
    search(request, options) {
      if (request.scope === 'base' && imagined.knows(request.base)) return imagined.search(request, options);
      return watchEntries(live.search(request, options), note);
    },
    add: (request, options) => imagined.add(request, options),
    modify(request, options) {
      remember(request.dn);
      return imagined.modify(request, options);
    },
    modifyDn(request, options) {
      remember(request.dn);
      return imagined.modifyDn(request, options);
    },
    delete: (request, options) => imagined.delete(request, options),
    compare: (request, options) => live.compare(request, options),
    passwordModify: (request, options) => imagined.passwordModify(request, options),
    rootDse: (options) => live.rootDse(options),
    subschema: (options) => live.subschema(options),
    close: () => live.close(),
  };
}
