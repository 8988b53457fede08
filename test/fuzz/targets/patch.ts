import { parsePatchRequest } from '../../../src/scim/parse-request.ts';
import { applyPatch } from '../../../src/scim/patch/apply-patch.ts';
import { clientProfiles, interop } from '../../../src/scim/profile.ts';
import { validateResource } from '../../../src/scim/validate-resource.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { filterWords, refusable, scimWords, shippedMapping } from './shared.ts';

const emails = [
  { value: 'a@example.com', type: 'work', primary: true },
  { value: 'b@example.com', type: 'home' },
];

/** A PATCH message, for clients of each profile in turn, applied to a user and to a group. */
export const patch: FuzzTarget = {
  name: 'patch',
  shape: 'json',
  dictionary: [...scimWords, ...filterWords, 'op', 'path', 'add', 'replace', 'remove', 'Add', 'Operations'],
  weight: 10,
  async prepare() {
    const { resourceTypes } = await shippedMapping();
    const profiles = [...clientProfiles.values()];
    const samples = resourceTypes.map(({ type }) => {
      const isUser = type.name === 'User';
      const own = isUser
        ? { userName: 'a', name: { familyName: 'A', givenName: 'B' }, emails, title: 'x', active: true }
        : { displayName: 'g', members: [{ value: 'x' }, { value: 'y' }] };
      const sample = { schemas: [type.schema.id], ...own };
      return { type, resource: validateResource(sample, type, { mode: 'create', profile: interop }) };
    });
    return (input) => {
      let body: unknown;
      try {
        body = JSON.parse(input.toString('utf8'));
      } catch {
        return;
      }
      const profile = profiles[input.length % profiles.length] ?? interop;
      for (const { type, resource } of samples) {
        const parts = { resourceType: type, profile, parameters: [], body, id: 'x' };
        const request = refusable(() => parsePatchRequest(parts));
        if (request === undefined) continue;
        const patched = refusable(() => applyPatch(resource, request.operations, type, profile));
        if (patched !== undefined) JSON.stringify(patched);
      }
    };
  },
};
