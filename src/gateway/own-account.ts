// Which entry the gateway itself is in the directory: what it binds by, and what the directory says of who that is.

import type { Dialect } from '../ldap/dialects/dialect.ts';
import { isDn } from '../ldap/dn.ts';
import { equality, or } from '../ldap/filter.ts';
import type { DirectoryPort } from '../ldap/port.ts';

/**
 * DNs; empty where nobody can tell, such as for an anonymous gateway. `whoAmI` is the operation of RFC 4532, `bindName`
 * what a simple bind is made with.
 */
export async function findOwnAccount(
  directory: DirectoryPort & { whoAmI(): Promise<string> },
  { capabilities }: Dialect,
  bindName: string | undefined,
): Promise<readonly string[]> {
  const bound = bindName === undefined ? [] : isDn(bindName) ? [bindName] : await findByName(bindName);
  const identity = capabilities.whoAmI ? await directory.whoAmI() : '';
  const told = identity.startsWith('dn:')
    ? [identity.slice('dn:'.length)]
    : identity.startsWith('u:')
      ? await findByName(identity.slice('u:'.length))
      : [];
  return [...bound, ...told].filter((dn) => dn !== '');

  /** `DOMAIN\account`, `account@domain`, or the account alone. */
  async function findByName(name: string): Promise<readonly string[]> {
    const { accountNames } = capabilities;
    if (accountNames === undefined) return [];
    const { attributes, base } = accountNames;
    const account = name.slice(name.lastIndexOf('\\') + 1);
    const names = [...new Set([account, account.replace(/@[^@]*$/, '')])];
    const filter = or(...attributes.flatMap((attribute) => names.map((each) => equality(attribute, each))));
    const search = directory.search({ base, scope: 'subtree', filter, attributes: ['1.1'] });
    return (await search.collect()).entries.map(({ dn }) => dn);
  }
}
