// What the mappings for Active Directory say of it, on Samba: names, passwords, bits of userAccountControl and groupType,
// times, addresses. The life of users and groups is in samba-ad.test.ts.
import assert from 'node:assert/strict';
import { dnKey, firstRdn, parentDn } from '../../src/ldap/dn.ts';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { canBind, type DirectoryAccess, type ServedGateway, type ServeOptions, serveGateway } from './harness.ts';

const account = 'urn:scim-ldap:schemas:active-directory:1.0:User';
const kind = 'urn:scim-ldap:schemas:active-directory:1.0:Group';
const byPrincipal = 'active-directory/user-principal-name.yaml';
type Served = ServedGateway & { readonly place: DirectoryAccess };

type Mapped = Pick<ServeOptions, 'mapping' | 'changes'>;

function describeMapping(name: string, mapped: Mapped, tests: (served: () => Served) => void): void {
  describe(`Active Directory, ${name}`, () => {
    let served: Served;
    before(async function () {
      // It may be the one that starts the server.
      this.timeout(120_000);
      const place = { ...(await getSambaAd()), ...(await createSuiteBase(name.replaceAll(' ', '-'))) };
      const variables = { suffix: place.baseDn, people: place.peopleDn, groups: place.groupsDn };
      served = { ...(await serveGateway({ ...place, ...mapped, variables })), place };
    });
    after(() => served.stop());
    tests(() => served);
  });
}

async function create(served: Served, type: 'Users' | 'Groups', more: JsonObject): Promise<JsonObject> {
  const schemas = [type === 'Users' ? urns.user : urns.group];
  const { status, body } = await served.scim('POST', `/${type}`, { schemas, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

function patch(served: Served, type: 'Users' | 'Groups', { id }: JsonObject, value: JsonObject) {
  const body = { schemas: [urns.patchOp], Operations: [{ op: 'replace', value }] };
  return served.scim('PATCH', `/${type}/${String(id)}`, body, { Prefer: 'return=representation' });
}

/** The entry behind a resource, found by the GUID as Active Directory takes it in place of a DN. */
async function entryOf({ directory }: Served, { id }: JsonObject, attributes: readonly string[]): Promise<LdapEntry> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const found = await directory.search({ base: `<GUID=${String(id)}>`, scope: 'base', filter, attributes }).collect();
  assert.ok(found.entries[0]);
  return found.entries[0];
}

async function find(served: Served, type: 'Users' | 'Groups', filter: string): Promise<string[]> {
  const { status, body } = await served.scim('GET', `/${type}?filter=${encodeURIComponent(filter)}`);
  assert.equal(status, 200, JSON.stringify(body));
  return ((body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id);
}

if (hasSambaAd()) {
  describeMapping('by userPrincipalName', { mapping: byPrincipal }, (the) => {
    it('a name of old is made of the userName, and a client may give its own', async () => {
      for (const [userName, name] of [
        ['upn-ann@example.com', 'upn-ann'],
        ['upn-barbara.jensen-universal@example.com', /^upn-barbara\.je~[0-9a-f]{5}$/],
        ['upn-a+b=c@example.com', /^upn-abc~[0-9a-f]{5}$/],
      ] as const) {
        const made = await create(the(), 'Users', { userName });
        const { sAMAccountName } = made[account] as { sAMAccountName: string };
        if (typeof name === 'string') assert.equal(sAMAccountName, name);
        else assert.match(sAMAccountName, name);
        assert.equal((await entryOf(the(), made, ['sAMAccountName'])).first('sAMAccountName'), sAMAccountName);
        assert.deepEqual(await find(the(), 'Users', `${account}:sAMAccountName eq "${sAMAccountName}"`), [made['id']]);
      }
      const own = {
        schemas: [urns.user, account],
        userName: 'upn-own@example.com',
        [account]: { sAMAccountName: 'upn-x' },
      };
      const made = await create(the(), 'Users', own);
      assert.equal((made[account] as JsonObject)['sAMAccountName'], 'upn-x');
    });

    it('a taken name is 409, whichever of the two it is', async () => {
      await create(the(), 'Users', { userName: 'upn-taken@example.com' });
      for (const userName of ['UPN-Taken@example.com', 'upn-taken@example.org']) {
        const { status, body } = await the().scim('POST', '/Users', { schemas: [urns.user], userName });
        assert.deepEqual([status, body['scimType']], [409, 'uniqueness'], JSON.stringify(body));
      }
    });

    it('a password of any characters opens the account, from the first moment and no earlier', async () => {
      const password = 'Pä"ss\\wörd \' 😀 9';
      const made = await create(the(), 'Users', { userName: 'upn-secret@example.com', password });
      assert.equal(made['active'], true);
      const { dn } = await entryOf(the(), made, ['1.1']);
      assert.equal(await canBind(the().place, dn, password), true);
      assert.equal(await canBind(the().place, dn, password.toLowerCase()), false);
      const answer = await patch(the(), 'Users', made, { password: 'Another-Secret-2' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.equal(await canBind(the().place, dn, password), false);
      assert.equal(await canBind(the().place, dn, 'Another-Secret-2'), true);
    });

    it('a rename of somebody who goes meanwhile, with the unit, is 404', async () => {
      const { directory, mapping } = the();
      const people = mapping.resourceTypes.find(({ type }) => type.name === 'User')?.entry.bases[0] ?? '';
      const unit = `ou=passing,${people}`;
      await directory.add({ dn: unit, attributes: [{ type: 'objectClass', values: ['organizationalUnit'] }] });
      const made = await create(the(), 'Users', { userName: 'passing@example.com' });
      const { dn } = await entryOf(the(), made, ['1.1']);
      await directory.modifyDn({ dn, newRdn: firstRdn(dn), deleteOldRdn: true, newSuperior: unit });
      const { modifyDn } = directory;
      directory.modifyDn = async (request, options) => {
        directory.modifyDn = modifyDn;
        await directory.delete({ dn: request.dn });
        await directory.delete({ dn: unit });
        return await modifyDn(request, options);
      };
      const Operations = [{ op: 'replace', path: 'userName', value: 'passed@example.com' }];
      const { status, body } = await the().scim('PATCH', `/Users/${String(made['id'])}`, {
        schemas: [urns.patchOp],
        Operations,
      });
      assert.equal(status, 404, JSON.stringify(body));
    });

    it('who comes without a password has one all the same, and may be given another one', async () => {
      const made = await create(the(), 'Users', { userName: 'upn-without@example.com' });
      assert.equal(made['active'], true);
      assert.match(String((made[account] as JsonObject)['passwordLastSet']), /^20/);
      assert.equal((await patch(the(), 'Users', made, { password: 'Long-Secret-1' })).status, 200);
      const { dn } = await entryOf(the(), made, ['1.1']);
      assert.equal(await canBind(the().place, dn, 'Long-Secret-1'), true);
    });

    it('a password that the policy refuses is 400, and nothing is left behind', async () => {
      const body = { schemas: [urns.user], userName: 'upn-weak@example.com', password: 'short' };
      const answer = await the().scim('POST', '/Users', body);
      assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidValue']);
      assert.match(String(answer.body['detail']), /password policy/);
      assert.deepEqual(await find(the(), 'Users', 'userName eq "upn-weak@example.com"'), []);
      const made = await create(the(), 'Users', { userName: 'upn-weak@example.com', password: 'Long-Secret-1' });
      const changed = await patch(the(), 'Users', made, { title: 'T', password: 'short' });
      assert.deepEqual([changed.status, changed.body['scimType']], [400, 'invalidValue']);
      assert.equal((await the().scim('GET', `/Users/${String(made['id'])}`)).body['title'], undefined);
    });

    it('disabling twice writes once, and enabling keeps every other bit', async () => {
      const made = await create(the(), 'Users', { userName: 'upn-bits@example.com', password: 'Long-Secret-1' });
      const { dn } = await entryOf(the(), made, ['1.1']);
      // NORMAL_ACCOUNT, DONT_EXPIRE_PASSWORD, SMARTCARD_REQUIRED
      const values = [String(0x200 + 0x10000 + 0x40000)];
      await the().directory.modify({
        dn,
        modifications: [{ operation: 'replace', attribute: 'userAccountControl', values }],
      });
      const bits = async () => (await entryOf(the(), made, ['userAccountControl'])).first('userAccountControl');
      for (const active of [false, false, true, true]) {
        const changes = (await bits()) !== String(Number(values[0]) + (active ? 0 : 2));
        const sent = await the().record(async () => {
          assert.equal((await patch(the(), 'Users', made, { active })).body['active'], active);
        });
        assert.equal(sent.filter(({ operation }) => operation === 'modify').length, changes ? 1 : 0);
        assert.equal(await bits(), String(Number(values[0]) + (active ? 0 : 2)));
        assert.deepEqual(await find(the(), 'Users', `active eq ${active} and userName sw "upn-bits"`), [made['id']]);
        assert.deepEqual(await find(the(), 'Users', `active ne ${active} and userName sw "upn-bits"`), []);
      }
      assert.deepEqual(await find(the(), 'Users', `${account}:passwordNeverExpires eq true`), [made['id']]);
    });

    it('the end of an account is kept to the last step, and none means never', async () => {
      const ends = '2030-01-31T12:00:00.1234567Z';
      const body = {
        schemas: [urns.user, account],
        userName: 'upn-ends@example.com',
        [account]: { accountExpires: ends },
      };
      const made = await create(the(), 'Users', body);
      assert.equal((made[account] as JsonObject)['accountExpires'], ends);
      const held = async () => (await entryOf(the(), made, ['accountExpires'])).first('accountExpires');
      assert.equal(await held(), '135405648001234567');
      const again = await the().record(() => the().scim('PUT', `/Users/${String(made['id'])}`, made));
      assert.deepEqual(
        again.filter(({ operation }) => operation !== 'search'),
        [],
      );
      assert.deepEqual(await find(the(), 'Users', `${account}:accountExpires gt "2030-01-31T11:59:59Z"`), [made['id']]);
      assert.deepEqual(await find(the(), 'Users', `${account}:accountExpires lt "2030-01-31T12:00:00Z"`), []);
      const never = await patch(the(), 'Users', made, { [account]: { accountExpires: null } });
      assert.equal(never.status, 200, JSON.stringify(never.body));
      assert.equal((never.body[account] as JsonObject)['accountExpires'], undefined);
      assert.deepEqual(await find(the(), 'Users', `${account}:accountExpires pr`), []);
    });

    it('a group is a global security group, and can become one for mail alone', async () => {
      const made = await create(the(), 'Groups', { displayName: 'upn group, of all' });
      const type = async () => (await entryOf(the(), made, ['groupType'])).first('groupType');
      assert.deepEqual(made[kind], {
        sAMAccountName: /^upn group of all~/.exec(String((made[kind] as JsonObject)['sAMAccountName']))?.input,
        securityEnabled: true,
      });
      assert.equal(await type(), '-2147483646');
      assert.deepEqual(await find(the(), 'Groups', `${kind}:securityEnabled eq true`), [made['id']]);
      const mail = await patch(the(), 'Groups', made, { [kind]: { securityEnabled: false } });
      assert.equal(mail.status, 200, JSON.stringify(mail.body));
      assert.equal(await type(), '2');
      assert.deepEqual(await find(the(), 'Groups', `${kind}:securityEnabled eq true`), []);
      await patch(the(), 'Groups', made, { [kind]: { securityEnabled: true } });
      assert.equal(await type(), '-2147483646');
    });
  });

  describeMapping('by sAMAccountName', { mapping: 'active-directory/sam-account-name.yaml' }, (the) => {
    it('the userName is the name of old, and a userPrincipalName is made of it', async () => {
      const made = await create(the(), 'Users', { userName: 'sam-ann', password: 'Long-Secret-1' });
      assert.equal((made[account] as JsonObject)['userPrincipalName'], 'sam-ann@example.com');
      assert.equal((await entryOf(the(), made, ['sAMAccountName'])).first('sAMAccountName'), 'sam-ann');
      const renamed = await patch(the(), 'Users', made, { userName: 'sam-anna' });
      assert.deepEqual([renamed.body['userName'], renamed.body['id']], ['sam-anna', made['id']]);
    });

    it('a name that Windows does not take is refused, with the rule', async () => {
      for (const userName of ['sam-twenty-one-letters', 'sam/ann', 'sam@[x]', 'sam.']) {
        const { status, body } = await the().scim('POST', '/Users', { schemas: [urns.user], userName });
        assert.deepEqual([status, body['scimType']], [400, 'invalidValue'], userName);
        assert.match(String(body['detail']), /at most 20 characters/);
      }
    });
  });

  const mustChange = {
    mapping: byPrincipal,
    changes: `
resourceTypes: { User: { attributes: { password: { with: { pwdLastSet: "0" } } } } }
`,
  };
  describeMapping('with passwords to be changed', mustChange, (the) => {
    it('every new password has to be changed before it opens the account', async () => {
      const made = await create(the(), 'Users', { userName: 'must@example.com', password: 'Long-Secret-1' });
      assert.equal((made[account] as JsonObject)['passwordLastSet'], undefined);
      const { dn } = await entryOf(the(), made, ['1.1']);
      const open = async (password: string) => [
        (await entryOf(the(), made, ['pwdLastSet'])).first('pwdLastSet'),
        await canBind(the().place, dn, password),
      ];
      assert.deepEqual(await open('Long-Secret-1'), ['0', false]);
      const answer = await patch(the(), 'Users', made, { password: 'Long-Secret-2' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.deepEqual(await open('Long-Secret-2'), ['0', false]);
    });
  });

  const keepingLeavers = {
    mapping: byPrincipal,
    changes: `
resourceTypes:
  User:
    delete: { policy: disableAndHide, container: "ou=leavers,\${suffix}" }
    entry: { placement: { by: enterprise:department, places: { Sales: "ou=sales,\${people}" } } }
`,
  };
  describeMapping('with leavers kept', keepingLeavers, (the) => {
    it('the department decides the unit, and who leaves is disabled and put away, with its GUID', async () => {
      const { directory, mapping } = the();
      const people = mapping.resourceTypes.find(({ type }) => type.name === 'User')?.entry.bases[0] ?? '';
      const leavers = people.replace(/^ou=people/i, 'ou=leavers');
      for (const dn of [leavers, `ou=sales,${people}`])
        await directory.add({ dn, attributes: [{ type: 'objectClass', values: ['organizationalUnit'] }] });
      const body = {
        userName: 'leaver@example.com',
        password: 'Long-Secret-1',
        [urns.enterpriseUser]: { department: 'Sales' },
      };
      const made = await create(the(), 'Users', { schemas: [urns.user, urns.enterpriseUser], ...body });
      await create(the(), 'Groups', { displayName: 'leaving', members: [{ value: String(made['id']) }] });
      const place = async () => dnKey(parentDn((await entryOf(the(), made, ['1.1'])).dn));
      assert.equal(await place(), dnKey(`ou=sales,${people}`));
      const moved = await patch(the(), 'Users', made, {
        [urns.enterpriseUser]: { department: 'Purchase' },
        title: 'Buyer',
      });
      assert.deepEqual([moved.status, moved.body['title'], await place()], [200, 'Buyer', dnKey(people)]);
      assert.equal((await the().scim('DELETE', `/Users/${String(made['id'])}`)).status, 204);
      assert.equal((await the().scim('GET', `/Users/${String(made['id'])}`)).status, 404);
      assert.equal(await place(), dnKey(leavers));
      const entry = await entryOf(the(), made, ['userAccountControl', 'memberOf']);
      assert.deepEqual([entry.first('userAccountControl'), entry.strings('memberOf')], ['514', []]);
    });
  });

  const byExpiry = {
    mapping: byPrincipal,
    changes: `
resourceTypes:
  User:
    attributes:
      active: { attribute: accountExpires, transform: expiry, options: { bit: null, means: null, unit: fileTime } }
      ${account}:accountExpires: { access: readOnly }
`,
  };
  describeMapping('with accounts that end', byExpiry, (the) => {
    it('an account that has ended is inactive, keeps its owner out, and comes back', async () => {
      const made = await create(the(), 'Users', { userName: 'ends@example.com', password: 'Long-Secret-1' });
      const { dn } = await entryOf(the(), made, ['1.1']);
      for (const active of [true, false, true]) {
        const answer = await patch(the(), 'Users', made, { active });
        assert.deepEqual([answer.status, answer.body['active']], [200, active], JSON.stringify(answer.body));
        assert.equal(await canBind(the().place, dn, 'Long-Secret-1'), active);
        assert.deepEqual(await find(the(), 'Users', `active eq ${active}`), [made['id']]);
        assert.deepEqual(await find(the(), 'Users', `active eq ${!active}`), []);
      }
    });
  });

  const proxyAddresses = { mapping: [byPrincipal, 'common/proxy-addresses.yaml'] };
  describeMapping('with proxyAddresses', proxyAddresses, (the) => {
    it('the primary address is marked, and what is no e-mail address stays', async () => {
      const email = (value: string, primary = false) => ({ type: 'work', value, ...(primary ? { primary } : {}) });
      const emails = [email('pat@example.com'), email('p@example.com', true)];
      const made = await create(the(), 'Users', { userName: 'proxy@example.com', emails });
      assert.deepEqual(made['emails'], [email('p@example.com', true), email('pat@example.com')]);
      const { dn } = await entryOf(the(), made, ['1.1']);
      const values = ['X500:/o=Example/cn=Pat'];
      await the().directory.modify({ dn, modifications: [{ operation: 'add', attribute: 'proxyAddresses', values }] });
      const held = async () => (await entryOf(the(), made, ['proxyAddresses'])).strings('proxyAddresses').sort();
      const other = await patch(the(), 'Users', made, {
        emails: [email('pat@example.com', true), email('p@example.com')],
      });
      assert.equal(other.status, 200, JSON.stringify(other.body));
      assert.deepEqual(await held(), ['SMTP:pat@example.com', 'X500:/o=Example/cn=Pat', 'smtp:p@example.com']);
      for (const filter of ['emails eq "P@example.com"', 'emails.value sw "pat@"', 'emails.value ew "example.com"'])
        assert.deepEqual(await find(the(), 'Users', filter), [made['id']], filter);
      assert.deepEqual(await find(the(), 'Users', 'emails.value co "Example/"'), []);
      await patch(the(), 'Users', made, { emails: [] });
      assert.deepEqual(await held(), ['X500:/o=Example/cn=Pat']);
      const bare = { operation: 'add', attribute: 'proxyAddresses', values: ['smtp:'] } as const;
      await the().directory.modify({ dn, modifications: [bare] });
      assert.deepEqual(await find(the(), 'Users', 'emails pr and userName eq "proxy@example.com"'), []);
    });
  });
}
