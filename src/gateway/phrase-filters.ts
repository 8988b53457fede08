// Says filters the way the directory at hand understands them; everything else passes as it is.
import type { DialectCapabilities } from '../ldap/dialects/dialect.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { pushNegations } from '../ldap/push-negations.ts';

export function phraseFilters(directory: DirectoryPort, { negatesLists }: DialectCapabilities): DirectoryPort {
  if (negatesLists) return directory;
  return {
    search: (request, options) => directory.search({ ...request, filter: pushNegations(request.filter) }, options),
    add: (request, options) => directory.add(request, options),
    modify: (request, options) => directory.modify(request, options),
    modifyDn: (request, options) => directory.modifyDn(request, options),
    delete: (request, options) => directory.delete(request, options),
    compare: (request, options) => directory.compare(request, options),
    passwordModify: (request, options) => directory.passwordModify(request, options),
    rootDse: (options) => directory.rootDse(options),
    subschema: (options) => directory.subschema(options),
    close: () => directory.close(),
  };
}
