// LDAP operations as a person reads them: searches on a line or two, changes as LDIF (RFC 2849).
import type { RequestControl, SearchRequest } from '../ldap/operations.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import { type LdapValue, toBytes } from '../ldap/value.ts';
import type { SentOperation } from '../ldap/watch-directory.ts';

export function printOperation({ operation, request }: SentOperation): string {
  switch (operation) {
    case 'search':
      return printSearch(request);
    case 'add':
      return [
        `dn: ${request.dn}`,
        ...printControls(request.controls),
        'changetype: add',
        ...request.attributes.flatMap(({ type, values }) => values.map((value) => printValue(type, value))),
      ].join('\n');
    case 'modify':
      return [
        `dn: ${request.dn}`,
        ...printControls(request.controls),
        'changetype: modify',
        ...request.modifications.flatMap(({ operation: kind, attribute, values }) => [
          `${kind}: ${attribute}`,
          ...values.map((value) => printValue(attribute, value)),
          '-',
        ]),
      ].join('\n');
    case 'modifyDn':
      return [
        `dn: ${request.dn}`,
        ...printControls(request.controls),
        'changetype: modrdn',
        `newrdn: ${request.newRdn}`,
        `deleteoldrdn: ${request.deleteOldRdn ? 1 : 0}`,
        ...(request.newSuperior === undefined ? [] : [`newsuperior: ${request.newSuperior}`]),
      ].join('\n');
    case 'delete':
      return [`dn: ${request.dn}`, ...printControls(request.controls), 'changetype: delete'].join('\n');
    case 'compare':
      return `compare ${request.dn}\n  ${printValue(request.attribute, request.value)}`;
    case 'passwordModify':
      return `password modify (RFC 3062) of ${request.userIdentity}`;
  }
}

function printSearch({ base, scope, filter, attributes, sizeLimit, pageSize, controls = [] }: SearchRequest): string {
  const limits = [
    ...(sizeLimit === undefined ? [] : [`at most ${sizeLimit}`]),
    ...(pageSize === undefined ? [] : [`in pages of ${pageSize}`]),
    ...controls.map(describeControl),
  ];
  return [
    `search ${scope} ${base}`,
    `  ${printLdapFilter(filter)}`,
    `  ${shorten(attributes)}`,
    ...(limits.length === 0 ? [] : [`  (${limits.join(', ')})`]),
  ].join('\n');
}

function printControls(controls: readonly RequestControl[] = []): string[] {
  return controls.map((control) => `# ${describeControl(control)}`);
}

function describeControl(control: RequestControl): string {
  switch (control.kind) {
    case 'assertion':
      return `only if ${printLdapFilter(control.filter)}`;
    case 'preRead':
    case 'postRead':
      return `returns ${shorten(control.attributes)} ${control.kind === 'preRead' ? 'as before' : 'as after'}`;
    case 'deref':
      return control.items.map((item) => `${item.attribute} dereferenced to ${item.attributes.join(' ')}`).join(', ');
    case 'extendedDn':
      return 'DNs with the GUIDs that they stand for';
    case 'matchedValues':
      return `only values that match ${printLdapFilter({ kind: 'or', filters: control.tests })}`;
    case 'sort':
    case 'vlv':
    case 'pagedResults':
    case 'permissiveModify':
    case 'manageDsaIt':
      return control.kind;
  }
}

/** All attributes of a person would hide what matters. */
function shorten(names: readonly string[]): string {
  return names.length <= 12 ? names.join(' ') : `${names.slice(0, 5).join(' ')} ... (${names.length} attributes)`;
}

/** Octets that are no text stand as base64, as in LDIF. */
function printValue(attribute: string, value: LdapValue): string {
  const octets = toBytes(value);
  const text = octets.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(octets) && !/[\0-\x1f\x7f]/.test(text);
  return isText ? `${attribute}: ${text}` : `${attribute}:: ${octets.toString('base64')}`;
}
