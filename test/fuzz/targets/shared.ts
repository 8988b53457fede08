// What several targets need: a mapping that ships, a resource as a client sends it, and what may be thrown.
import assert from 'node:assert/strict';
import type { CompiledMapping, ResourceMapping } from '../../../src/mapping/mapping.ts';
import { ScimError } from '../../../src/scim/error.ts';
import { compileShipped } from '../../mapping/compiled.ts';

let compiled: Promise<CompiledMapping> | undefined;

export function shippedMapping(): Promise<CompiledMapping> {
  compiled ??= compileShipped('openldap/inet-org-person-scim.yaml');
  return compiled;
}

/** Of the users, who have most of what a mapping can say. */
export async function userMapping(): Promise<ResourceMapping> {
  const { resourceTypes } = await shippedMapping();
  const user = resourceTypes.find(({ type }) => type.name === 'User');
  assert.ok(user);
  return user;
}

const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).join();

/** The only error that what a client sends may cause, with a text that is fit for an answer and a line of the log. */
export function refusable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    assert.ok(error.status >= 400 && error.status < 500, `status ${error.status}`);
    assert.doesNotMatch(error.detail, /[\p{Cc}\p{Zl}\p{Zp}]/u);
    assert.ok(error.detail.isWellFormed(), 'the detail is well-formed');
    return undefined;
  } finally {
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototypeKeys);
  }
}

export const scimWords: readonly string[] = [
  'schemas',
  'id',
  'externalId',
  'meta',
  'meta.lastModified',
  'meta.version',
  'userName',
  'name',
  'name.familyName',
  'displayName',
  'emails',
  'emails.value',
  'emails.type',
  'emails[type eq "work"].value',
  'phoneNumbers',
  'groups',
  'addresses',
  'active',
  'password',
  'title',
  'members',
  'manager',
  'primary',
  'value',
  'type',
  'display',
  '$ref',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'work',
  'home',
  '2026-01-02T03:04:05Z',
];
export const filterWords: readonly string[] = [
  ' eq ',
  ' ne ',
  ' co ',
  ' sw ',
  ' ew ',
  ' gt ',
  ' ge ',
  ' lt ',
  ' le ',
  ' pr',
  ' and ',
  ' or ',
  'not (',
  ')',
  '(',
  '[',
  ']',
  '"x"',
  '"2026-01-02T03:04:05.678+01:00"',
  '"a*b"',
  '"\\\\2a"',
  '12',
  'true',
  'false',
  'null',
  ' AND ',
];
