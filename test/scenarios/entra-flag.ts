// Entra ID with `aadOptscim062020` in the tenant URL: lower case, booleans without quotes, one value for many attributes.
import assert from 'node:assert/strict';
import { enterprise, type ScimClient } from './client.ts';
import { createEntraGroup, createEntraUser } from './entra-bodies.ts';

export function describeFlagged(client: ScimClient): void {
  it('updates many attributes by one value with dotted keys and URNs', async () => {
    const { id } = await createEntraUser(client, 'flag@contoso.test');
    const shown = await client.patch(
      `/Users/${id}`,
      200,
      {
        op: 'replace',
        value: {
          displayName: 'A',
          'name.givenName': 'B',
          [`${enterprise}:employeeNumber`]: '7',
          active: false,
        },
      },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'flag-2@contoso.test' },
    );
    assert.deepEqual([shown['displayName'], shown['active']], ['A', false]);
    assert.deepEqual(shown['name'], { formatted: 'Alex Wilber', familyName: 'Wilber', givenName: 'B' });
    assert.deepEqual(shown[enterprise], { department: 'Marketing', employeeNumber: '7' });
    const entry = await client.userEntry('flag@contoso.test');
    assert.deepEqual(entry?.strings('mail'), ['flag-2@contoso.test']);
    assert.deepEqual(entry?.strings(client.attribute('employeeNumber')), ['7']);

    const enabled = await client.patch(`/Users/${id}`, 200, { op: 'replace', value: { active: true } });
    assert.equal(enabled['active'], true);
    await client.send('DELETE', `/Users/${id}`, undefined, 204);
  });

  it('removes a member by a filter in the path', async () => {
    const [a, b] = [
      await createEntraUser(client, 'flag-a@contoso.test'),
      await createEntraUser(client, 'flag-b@contoso.test'),
    ];
    const { id } = await createEntraGroup(client, 'Flag Group');
    const path = `/Groups/${id}`;
    await client.patch(path, 204, { op: 'add', path: 'members', value: [{ value: a.id }, { value: b.id }] });
    await client.patch(path, 204, { op: 'remove', path: `members[value eq "${a.id}"]` });
    assert.deepEqual(await client.memberIds(id), [b.id]);
    await client.patch(path, 204, { op: 'replace', value: { displayName: 'Flag Group 2' } });
    assert.equal((await client.get(`${path}?excludedAttributes=members`))['displayName'], 'Flag Group 2');
  });
}
