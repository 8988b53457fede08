// A resource of the sample type with a value of every attribute type.
import type { Resource } from '../../../src/scim/resource.ts';
import { enterprise, sampleExtension } from './sample-type.ts';

export const samplePerson: Resource = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
  id: 'Ab1',
  externalId: 'Ext',
  userName: 'BJensen',
  name: { familyName: 'Jensen' },
  active: false,
  emails: [
    { value: 'bj@work.example', type: 'work', primary: true },
    { value: 'BJ@Home.example', type: 'home' },
    { value: 'other@x.example' },
  ],
  meta: { resourceType: 'User', created: '2026-01-02T05:04:05.5+02:00' },
  [enterprise]: { manager: { value: 'M1' } },
  [sampleExtension.id]: {
    level: 0,
    score: 1.5,
    hired: '2026-01-02T03:04:05Z',
    badge: 'AQI=',
    code: 'Xy',
    tags: ['Red', 'blue'],
  },
};
