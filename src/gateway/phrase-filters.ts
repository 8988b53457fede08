// Says filters the way the directory at hand understands them; everything else passes as it is.
import type { DialectCapabilities } from '../ldap/dialects/dialect.ts';
import { equalFilters, type LdapFilter, mapTests, or } from '../ldap/filter.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { pushNegations } from '../ldap/push-negations.ts';
import type { LdapValue } from '../ldap/value.ts';

export function phraseFilters(directory: DirectoryPort, capabilities: DialectCapabilities): DirectoryPort {
  const { negatesLists, preparesText } = capabilities;
  if (negatesLists && preparesText) return directory;
  const phrase = (filter: LdapFilter): LdapFilter => {
    const known = preparesText ? filter : mapTests(filter, inBothForms);
    return negatesLists ? known : pushNegations(known);
  };
  return {
    search: (request, options) => directory.search({ ...request, filter: phrase(request.filter) }, options),
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

/** Where composed and decomposed letters differ (RFC 4518 s2.3 says they do not), both are asked for. */
function inBothForms(test: LdapFilter): LdapFilter {
  const composed = inForm(test, 'NFC');
  const decomposed = inForm(test, 'NFD');
  return equalFilters(composed, decomposed) ? test : or(composed, decomposed);
}

function inForm(test: LdapFilter, form: 'NFC' | 'NFD'): LdapFilter {
  const write = (value: LdapValue): LdapValue => (typeof value === 'string' ? value.normalize(form) : value);
  if (test.kind === 'equality') return { ...test, value: write(test.value) };
  if (test.kind !== 'substrings') return test;
  const { initial, any, final } = test;
  return {
    ...test,
    any: any.map(write),
    ...(initial === undefined ? {} : { initial: write(initial) }),
    ...(final === undefined ? {} : { final: write(final) }),
  };
}
