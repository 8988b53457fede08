// A group of more members than Windows tells at once, on Samba behind the limits of Windows. What the embedded directory
// shows of them is in windows-limits.test.ts.
import assert from 'node:assert/strict';
import { windowsLimits } from '../../src/ldap/embedded/create-directory-state.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import type { SambaAd } from '../directories/samba-ad/recipe.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { withAdministrator } from '../directories/share-server.ts';
import { startWindowsLimits } from '../directories/windows-limits.ts';
import { type ServedGateway, serveGateway } from './harness.ts';

const users = 5_000;
/** GUIDs that one search looks up. */
const atOnce = 100;

/** Samba adds two of them in the time of one account. */
const changes = `
resourceTypes:
  User:
    entry: { filter: (objectClass=contact), objectClasses: [top, person, organizationalPerson, contact] }
    attributes: { userName: cn, displayName: { attribute: cn, access: readOnly } }
`;

if (hasSambaAd())
  describe('a group of 5,000 members on Samba AD within the limits of Windows', function () {
    this.timeout(300_000);
    let served: ServedGateway;
    let limited: Awaited<ReturnType<typeof startWindowsLimits>>;
    let server: SambaAd;
    let groupDn: string;

    before(async () => {
      server = await getSambaAd();
      const place = await createSuiteBase('large-group');
      limited = await startWindowsLimits(server, windowsLimits);
      const { bindDn, password } = server;
      const mapping = '../test/gateway/guids.yaml';
      const variables = { people: place.peopleDn, groups: place.groupsDn };
      served = await serveGateway({ url: limited.url, bindDn, password, mapping, changes, variables });
      const add = async (dn: string, attributes: Readonly<Record<string, string>>): Promise<string> => {
        const list = Object.entries(attributes).map(([type, value]) => ({ type, values: [value] }));
        await served.directory.add({ dn, attributes: list });
        return dn;
      };
      const added: Promise<string>[] = [];
      for (let index = 0; index < users; index += 1) {
        const name = `large-${index}`;
        added.push(add(`CN=${name},${place.peopleDn}`, { objectClass: 'contact' }));
        if (added.length % 20 === 0) await Promise.all(added.slice(-20));
      }
      const values = await Promise.all(added);
      const group = { objectClass: 'group', sAMAccountName: 'large-group' };
      groupDn = await add(`CN=large-group,${place.groupsDn}`, group);
      await served.directory.modify({
        dn: groupDn,
        modifications: [{ operation: 'add', attribute: 'member', values }],
      });
    });
    after(async () => {
      await served.stop();
      await limited.stop();
    });

    it('comes in ranges of 1,500', async () => {
      const { rootDn, rootPassword } = server;
      const { searchEntries } = await withAdministrator({ url: limited.url, rootDn, rootPassword }, (client) =>
        client.search(groupDn, { scope: 'base', attributes: ['member'] }),
      );
      assert.equal(searchEntries[0]?.['member;range=0-1499']?.length, 1_500);
    });

    it('is read whole, and ids come by the hundred', async () => {
      let body: JsonObject = {};
      const sent = await served.record(async () => {
        ({ body } = await served.scim('GET', `/Groups?filter=${encodeURIComponent('displayName eq "large-group"')}`));
      });
      const [group] = body['Resources'] as readonly JsonObject[];
      const members = (group?.['members'] ?? []) as readonly JsonObject[];
      assert.equal(new Set(members.map(({ value }) => value)).size, users);
      const names = new Set(Array.from({ length: users }, (_, index) => `large-${index}`));
      assert.deepEqual(new Set(members.map(({ display }) => display)), names);
      assert.ok(sent.length < users / atOnce + 10, `${sent.length} operations`);
    });
  });
