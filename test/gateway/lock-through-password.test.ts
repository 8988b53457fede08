// Who is disabled stays so through a new password, which lifts the lock of the password policy overlay however it is written.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { canBind, type ServedGateway, serveGateway } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

for (const [name, rule] of [
  ['operation', 'write: passwordModify'],
  ['attribute', 'attribute: userPassword, write: attribute'],
] as const)
  describe(`the lock of OpenLDAP, and a password by ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    let count = 0;
    before(async () => {
      place = { ...(await getOpenLdap()), ...(await createSuiteBase(`lock-${name}`)) };
      served = await serveGateway({
        ...place,
        mapping: 'openldap/inet-org-person.yaml',
        variables: { suffix: place.suffix, people: place.peopleDn, groups: place.groupsDn },
        changes: `resourceTypes: { User: { attributes: { password: { ${rule} } } } }`,
      });
    });
    after(() => served.stop());

    const password = 'Another-Secret-4711';
    for (const [title, value, active] of [
      ['alone', { password }, false],
      ['and active false', { password, active: false }, false],
      ['and active true', { password, active: true }, true],
    ] as const)
      it(`${title}: active is ${active}`, async () => {
        count += 1;
        const userName = `locked-${name}-${count}`;
        const body = { schemas: [urns.user], userName, password: 'Good-Secret-4711' };
        const { id } = (await served.scim('POST', '/Users', body)).body;
        const patch = (changes: JsonObject) =>
          served.scim('PATCH', `/Users/${String(id)}`, {
            schemas: [urns.patchOp],
            Operations: [{ op: 'replace', value: changes }],
          });
        assert.equal((await patch({ active: false })).body['active'], false);
        const answer = await patch(value);
        assert.deepEqual([answer.status, answer.body['active']], [200, active]);
        assert.equal(await canBind(place, `uid=${userName},${place.peopleDn}`, password), active);
      });
  });
