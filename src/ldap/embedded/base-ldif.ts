import { childDn, firstRdn, rdnText } from '../dn.ts';
import { printLdifEntry } from '../ldif.ts';

/** Classes for an entry by the type of its name. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  dc: ['organization', 'dcObject'],
  o: ['organization'],
  ou: ['organizationalUnit'],
  l: ['locality'],
  c: ['country'],
};

/** The suffix entry, and `ou=people` and `ou=groups` below it, where mappings expect them. */
export function baseLdif(suffix: string): string {
  const [type = '', value = ''] = firstRdn(suffix).split('=');
  const classes = CLASSES[type.toLowerCase()] ?? ['organization', 'extensibleObject'];
  const naming = classes.includes('organization') && type.toLowerCase() !== 'o' ? ['o', type] : [type];
  const top = printLdifEntry(suffix, [
    { type: 'objectClass', values: classes },
    ...naming.map((each) => ({ type: each, values: [value] })),
  ]);
  return [top, container('people'), container('groups')].join('');

  function container(name: string): string {
    return printLdifEntry(childDn(rdnText('ou', name), suffix), [
      { type: 'objectClass', values: ['organizationalUnit'] },
      { type: 'ou', values: [name] },
    ]);
  }
}
