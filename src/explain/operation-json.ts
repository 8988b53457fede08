// LDAP operations as JSON, for programs: filters in the text form of RFC 4515, values as text, octets that are none as
// `{ "base64": ... }`.
import type { LdapEntry } from '../ldap/entry.ts';
import type { RequestControl } from '../ldap/operations.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import { findText } from '../ldap/syntaxes/utf8.ts';
import { type LdapValue, toBytes } from '../ldap/value.ts';
import type { SentOperation } from '../ldap/watch-directory.ts';
import type { JsonObject, JsonValue } from '../scim/json.ts';

export function operationToJson({ operation, request }: SentOperation): JsonObject {
  switch (operation) {
    case 'search': {
      const { filter, controls = [], attributes, base, scope, sizeLimit, pageSize } = request;
      return {
        operation,
        base,
        scope,
        filter: printLdapFilter(filter),
        attributes: [...attributes],
        ...(sizeLimit === undefined ? {} : { sizeLimit }),
        ...(pageSize === undefined ? {} : { pageSize }),
        controls: controls.map(controlToJson),
      };
    }
    case 'add':
      return {
        operation,
        dn: request.dn,
        attributes: Object.fromEntries(request.attributes.map(({ type, values }) => [type, values.map(valueToJson)])),
        controls: (request.controls ?? []).map(controlToJson),
      };
    case 'modify':
      return {
        operation,
        dn: request.dn,
        modifications: request.modifications.map((each) => ({
          operation: each.operation,
          attribute: each.attribute,
          values: each.values.map(valueToJson),
        })),
        controls: (request.controls ?? []).map(controlToJson),
      };
    case 'modifyDn': {
      const { dn, newRdn, deleteOldRdn, newSuperior, controls = [] } = request;
      const move = newSuperior === undefined ? {} : { newSuperior };
      return { operation, dn, newRdn, deleteOldRdn, ...move, controls: controls.map(controlToJson) };
    }
    case 'delete':
      return { operation, dn: request.dn, controls: (request.controls ?? []).map(controlToJson) };
    case 'compare':
      return { operation, dn: request.dn, attribute: request.attribute, value: valueToJson(request.value) };
    case 'passwordModify':
      return { operation, dn: request.userIdentity };
  }
}

export function entryToJson(entry: LdapEntry): JsonObject {
  const attributes = [...entry.attributes].map(([name, values]) => [name, values.map(valueToJson)] as const);
  return { dn: entry.dn, attributes: Object.fromEntries(attributes) };
}

function controlToJson(control: RequestControl): JsonObject {
  switch (control.kind) {
    case 'assertion':
      return { kind: control.kind, filter: printLdapFilter(control.filter) };
    case 'preRead':
    case 'postRead':
      return { kind: control.kind, attributes: [...control.attributes] };
    case 'deref':
      return {
        kind: control.kind,
        items: control.items.map(({ attribute, attributes }) => ({ attribute, attributes: [...attributes] })),
      };
    case 'matchedValues':
      return { kind: control.kind, tests: control.tests.map(printLdapFilter) };
    case 'extendedDn':
    case 'sort':
    case 'vlv':
    case 'pagedResults':
    case 'permissiveModify':
    case 'manageDsaIt':
      return { kind: control.kind };
  }
}

function valueToJson(value: LdapValue): JsonValue {
  const text = typeof value === 'string' ? value : findText(value);
  return text ?? { base64: toBytes(value).toString('base64') };
}
