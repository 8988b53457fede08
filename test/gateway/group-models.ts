// Groups by DN in all their kinds: users, groups and other entries as members, groups in each other, and values that lead
// nowhere. One suite for every class and directory.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { dnKey, parentDn } from '../../src/ldap/dn.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export interface GroupModel {
  /** Below `mappings/`. */
  readonly mapping: string;
  readonly attribute: 'member' | 'uniqueMember';
  /** The class demands a member, and this one stands in. */
  readonly placeholder?: string;
  /** Where the directory keeps the ids of all entries, in YAML; entryUUID unless given. */
  readonly id?: string;
  /** Values that lead to no entry are refused, as Active Directory does. */
  readonly membersExist?: boolean;
}

interface Member {
  readonly value: string;
  readonly type?: string;
  readonly display?: string;
}

export function describeGroupModel(name: string, model: GroupModel, start: () => Promise<LifeCycleDirectory>): void {
  describe(`groups by ${model.attribute} on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;

    before(async () => {
      place = await start();
      served = await servePlace(place, {
        mapping: model.mapping,
        // Printers are resources, too, and may be members.
        changes: `
resourceTypes:
  Printer:
    endpoint: /Printers
    schema: urn:ietf:params:scim:schemas:core:2.0:Group
    entry: { base: "\${groups}", filter: (objectClass=device), objectClasses: [top, device], rdn: cn }
    attributes: { id: ${model.id ?? '{ attribute: entryUUID, transform: uuid }'}, displayName: cn }
  Group:
    attributes:
      members: { reference: [User, Group, Printer] }`,
      });
    });
    after(() => served.stop());

    const create = (path: string, body: JsonObject) => createIn(served, path, body);
    const user = (userName: string) => create('/Users', { schemas: [urns.user], userName });
    const group = (displayName: string, ...ids: readonly string[]) =>
      create('/Groups', { schemas: [urns.group], displayName, members: ids.map((value) => ({ value })) });
    const patch = async (id: string, ...Operations: readonly JsonObject[]): Promise<void> => {
      const answer = await served.scim('PATCH', `/Groups/${id}`, { schemas: [urns.patchOp], Operations });
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
    };
    const join = (...ids: readonly string[]): JsonObject => ({
      op: 'add',
      path: 'members',
      value: ids.map((value) => ({ value })),
    });
    const leave = (id: string): JsonObject => ({ op: 'remove', path: `members[value eq "${id}"]` });
    const read = async (path: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const membersOf = async (id: string): Promise<readonly Member[]> =>
      ((await read(`/Groups/${id}`))['members'] ?? []) as unknown as readonly Member[];
    const idsIn = async (id: string): Promise<string[]> => (await membersOf(id)).map(({ value }) => value).sort();
    const groupsOf = async (id: string): Promise<string[]> =>
      (((await read(`/Users/${id}`))['groups'] ?? []) as unknown as Member[]).map(({ value }) => value).sort();
    const find = async (filter: string): Promise<string[]> => {
      const body = await read(`/Groups?filter=${encodeURIComponent(filter)}`);
      return ((body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id).sort();
    };
    /** 389 Directory Server writes in lower case what it mends. */
    const keys = (dns: readonly string[]): string[] => dns.map(dnKey).sort();
    /** DNs in the entry of a group. */
    const held = async (cn: string): Promise<string[]> => {
      const base = `cn=${cn},${place.groupsDn}`;
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const search = served.directory.search({ base, scope: 'base', filter, attributes: [model.attribute] });
      return keys((await search.collect()).entries[0]?.strings(model.attribute) ?? []);
    };
    const write = (cn: string, operation: 'add' | 'delete', ...values: string[]) =>
      served.directory.modify({
        dn: `cn=${cn},${place.groupsDn}`,
        modifications: [{ operation, attribute: model.attribute, values }],
      });

    it('may be empty, at first and in the end', async () => {
      const standIn = keys(model.placeholder === undefined ? [] : [`${model.placeholder},${place.suffix}`]);
      const ann = await user('gm-ann');
      const id = await group('gm-empty');
      assert.deepEqual(await held('gm-empty'), standIn);
      await patch(id, join(ann));
      assert.deepEqual(await held('gm-empty'), keys([userDn(place, 'gm-ann')]));
      await patch(id, leave(ann));
      assert.deepEqual(await held('gm-empty'), standIn);
      assert.deepEqual(await membersOf(id), []);
    });

    it('has users, groups and other entries as members, each with its type', async () => {
      const bob = await user('gm-bob');
      const inner = await group('gm-inner', bob);
      const printer = await create('/Printers', { schemas: [urns.group], displayName: 'gm-printer' });
      const outer = await group('gm-outer', bob, inner, printer);
      const shown = (await membersOf(outer)).map(({ value, type, display }) => [value, type, display]);
      assert.deepEqual(
        shown.sort(),
        [
          [bob, 'User', 'gm-bob'],
          [inner, 'Group', 'gm-inner'],
          [printer, 'Printer', 'gm-printer'],
        ].sort(),
      );
      assert.deepEqual(await groupsOf(bob), [inner, outer].sort());
      for (const id of [inner, printer]) assert.deepEqual(await find(`members.value eq "${id}"`), [outer]);
      assert.deepEqual(await find(`members eq "${bob}"`), [inner, outer].sort());
    });

    it('may be in each other', async () => {
      const one = await group('gm-one');
      const two = await group('gm-two', one);
      await patch(one, join(two));
      assert.deepEqual(await idsIn(one), [two]);
      assert.deepEqual(await idsIn(two), [one]);
    });

    it('hides what leads nowhere, and leaves it alone', async () => {
      const [cat, dan] = [await user('gm-cat'), await user('gm-dan')];
      const id = await group('gm-dangling', cat);
      const lost = [
        // Never there, not of any type, and outside of every base.
        ...(model.membersExist === true ? [] : [userDn(place, 'gone')]),
        place.groupsDn,
        parentDn(place.peopleDn),
        ...(model.attribute === 'uniqueMember' ? [`${userDn(place, 'gm-dan')}#'0101'B`] : []),
      ];
      await write('gm-dangling', 'add', ...lost);
      assert.deepEqual(await idsIn(id), [cat]);
      const list = await read(`/Groups?filter=${encodeURIComponent('displayName eq "gm-dangling"')}`);
      const [shown] = list['Resources'] as unknown as readonly { members: readonly Member[] }[];
      assert.deepEqual(
        shown?.members.map(({ value }) => value),
        [cat],
      );
      await patch(id, join(dan));
      assert.deepEqual(await idsIn(id), [cat, dan].sort());
      await patch(id, leave(cat), leave(dan));
      assert.deepEqual(await idsIn(id), []);
      const message = { schemas: [urns.group], displayName: 'gm-dangling', members: [{ value: cat }] };
      assert.equal((await served.scim('PUT', `/Groups/${id}`, message)).status, 200);
      assert.deepEqual(await idsIn(id), [cat]);
      assert.deepEqual(await held('gm-dangling'), keys([...lost, userDn(place, 'gm-cat')]));
      assert.deepEqual(await find(`members eq "${dan}"`), []);
    });

    it('follows the names of its members, and loses those that go', async () => {
      const [eve, fay] = [await user('gm-eve'), await user('gm-fay')];
      const inner = await group('gm-team');
      const id = await group('gm-following', eve, fay, inner);
      const rename = async (path: string, attribute: string, value: string): Promise<void> => {
        const Operations = [{ op: 'replace', path: attribute, value }];
        const answer = await served.scim('PATCH', path, { schemas: [urns.patchOp], Operations });
        assert.ok(answer.status < 300, JSON.stringify(answer.body));
      };
      await rename(`/Users/${eve}`, 'userName', 'gm-eva');
      await rename(`/Groups/${inner}`, 'displayName', 'gm-crew');
      assert.equal((await served.scim('DELETE', `/Users/${fay}`)).status, 204);
      const eva = userDn(place, 'gm-eva');
      const expected = keys([`cn=gm-crew,${place.groupsDn}`, eva]);
      // What the directory mends itself may come after its answer.
      for (let tries = 0; tries < 20 && String(await held('gm-following')) !== String(expected); tries += 1)
        await setTimeout(50);
      assert.deepEqual(await held('gm-following'), expected);
      assert.deepEqual(await idsIn(id), [eve, inner].sort());
    });
  });
}
