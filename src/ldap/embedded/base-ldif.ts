import { childDn, firstRdn, rdnText } from '../dn.ts';
import { printLdifEntry } from '../ldif.ts';

/** The suffix entry by the type of its name, and the two containers that mappings expect. */
export function baseLdif(suffix: string): string {
  const [type = 'dc', value = ''] = firstRdn(suffix).split('=');
  const container = (name: string) =>
    printLdifEntry(childDn(rdnText('ou', name), suffix), [
      { type: 'objectClass', values: ['organizationalUnit'] },
      { type: 'ou', values: [name] },
    ]);
  const classes = { dc: ['organization', 'dcObject'], o: ['organization'], ou: ['organizationalUnit'] }[
    type.toLowerCase()
  ];
  const top = printLdifEntry(suffix, [
    { type: 'objectClass', values: classes ?? ['organization', 'extensibleObject'] },
    { type, values: [value] },
    ...(classes?.includes('dcObject') ? [{ type: 'o', values: [value] }] : []),
  ]);
  return [top, container('people'), container('groups')].join('');
}
