// A value is a value wherever it enters: in a filter, a path, an id, a name, a template, a reference, a bulkId. Each attack is
// tried in each place, and must find and change what the same value without a meaning in LDAP would: nobody else.
import assert from 'node:assert/strict';
import { parentDn, parseDn } from '../../src/ldap/dn.ts';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, createIn, type Place, type ServedGateway, servePlace } from '../gateway/harness.ts';

/** What means something in a filter, a name, a path, a template, a URL or to a careless object. */
const attacks: readonly string[] = [
  '*',
  '*)(uid=*',
  '*))(|(uid=*',
  'x)(objectClass=*',
  ')(&)',
  '(|(uid=*))',
  'victim*',
  '\\2a',
  '\\2A)(uid=\\2a',
  'victim\\00',
  'x,ou=groups',
  'x,dc=example,dc=com',
  'x+uid=victim',
  'uid=victim',
  '#0406766963',
  '"victim"',
  'victim;x',
  '<victim>',
  'a=b\\,c',
  '${name.familyName}',
  '${suffix}',
  '../../Users',
  '%2a%29%28uid%3d%2a',
  'ldap:///??sub?(uid=*)',
  '__proto__',
  'constructor',
  "' or '1'='1",
  'victim\r\nX-Evil: 1',
];

const phrase = (text: string): string => encodeURIComponent(text);
const quoted = (text: string): string => JSON.stringify(text);

export function describeInjection(name: string, start: () => Promise<Place>): void {
  describe(`injection on ${name}`, () => {
    let place: Place;
    let gateway: ServedGateway;
    let victim: string;
    let group: string;
    let contents: readonly string[];

    before(async () => {
      place = await start();
      gateway = await servePlace(place);
      victim = await createIn(gateway, '/Users', user('victim', { title: 'untouched', externalId: 'e-victim' }));
      group = await createIn(gateway, '/Groups', { schemas: [urns.group], displayName: 'targets' });
      contents = await everything();
    });

    after(async () => {
      await gateway?.stop();
    });

    afterEach(async () => {
      assert.deepEqual(
        await everything(),
        contents,
        'nothing came, went or changed but what the test made and removed',
      );
      const failed = gateway.observations.filter(({ kind }) => kind === 'requestFailed');
      assert.deepEqual(failed, [], 'nothing failed');
    });

    function user(userName: string, more: JsonObject = {}): JsonObject {
      return { schemas: [urns.user], userName, name: { familyName: 'Person', givenName: 'Some' }, ...more };
    }

    async function entries(): Promise<readonly LdapEntry[]> {
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const search = { base: place.suffix, scope: 'subtree', filter, attributes: ['*'] } as const;
      return (await gateway.directory.search(search).collect()).entries;
    }

    /** Of the whole tree of the suite. */
    async function everything(): Promise<readonly string[]> {
      const people = (await entries()).filter(({ dn }) => dn.endsWith(place.peopleDn) || dn.endsWith(place.groupsDn));
      return people
        .map(
          (entry) =>
            `${entry.dn} ${[...entry.attributes]
              .map(([type]) => `${type}:${entry.strings(type).join('|')}`)
              .toSorted()
              .join(' ')}`,
        )
        .toSorted();
    }

    function assertNoVictim(answer: Answer, label: string): void {
      assert.ok(answer.status < 500, `${label}: ${answer.status}`);
      assert.ok(!JSON.stringify(answer.body).includes(victim), `${label} found the victim`);
      assert.equal(answer.headers.get('x-evil'), null);
    }

    const placesOfFilters: readonly (readonly [string, (value: string) => string])[] = [
      ['eq of a name', (value) => `userName eq ${value}`],
      ['sw', (value) => `userName sw ${value}`],
      ['co', (value) => `userName co ${value}`],
      ['ew', (value) => `title ew ${value}`],
      ['gt beside eq', (value) => `externalId gt "zzz" and externalId eq ${value}`],
      ['an element', (value) => `emails[type eq "work" and value co ${value}]`],
      ['an id', (value) => `id eq ${value}`],
      ['a reference', (value) => `groups.value eq ${value}`],
      ['a version', (value) => `meta.version eq ${value}`],
    ];
    for (const [where, filterOf] of placesOfFilters) {
      it(`a filter by ${where} finds nobody by what means something to LDAP`, async () => {
        for (const attack of attacks) {
          const filter = filterOf(quoted(attack));
          const answers = [
            await gateway.scim('GET', `/Users?filter=${phrase(filter)}`),
            await gateway.scim('POST', '/.search', { schemas: [urns.searchRequest], filter }),
          ];
          for (const answer of answers) assertNoVictim(answer, filter);
        }
      });
    }

    it('a value that means something finds the one who has it, and nobody else', async () => {
      for (const attack of attacks.filter((text) => !/[\r\n]/.test(text))) {
        const id = await createIn(gateway, '/Users', user('holder', { title: attack, externalId: attack }));
        for (const attribute of ['title', 'externalId']) {
          for (const operator of ['eq', 'sw', 'co', 'ew']) {
            const filter = `${attribute} ${operator} ${quoted(attack)}`;
            const { body } = await gateway.scim('GET', `/Users?filter=${phrase(filter)}`);
            const found = (body['Resources'] ?? []) as readonly JsonObject[];
            assert.deepEqual(
              found.map((each) => each['id']),
              [id],
              filter,
            );
          }
        }
        assert.equal((await gateway.scim('DELETE', `/Users/${id}`)).status, 204);
      }
    });

    for (const [where, parameters] of [
      ['sortBy', (text: string) => `sortBy=${phrase(text)}`],
      ['attributes', (text: string) => `filter=${phrase('title eq "nobody"')}&attributes=${phrase(text)}`],
      [
        'excludedAttributes',
        (text: string) => `filter=${phrase('title eq "nobody"')}&excludedAttributes=${phrase(text)}`,
      ],
      ['cursor', (text: string) => `cursor=${phrase(text)}`],
    ] as const) {
      it(`${where} never reaches the directory as it is`, async () => {
        for (const attack of attacks) {
          const operations = await gateway.record(async () => {
            const answer = await gateway.scim('GET', `/Users?count=1&${parameters(attack)}`);
            assert.ok(answer.status < 500, `${attack}: ${answer.status}`);
          });
          if (attack.length > 2)
            assert.ok(!JSON.stringify(operations).includes(JSON.stringify(attack).slice(1, -1)), attack);
        }
      });
    }

    it('an id in a path is nobody', async () => {
      for (const attack of [...attacks, `${victim}*`, `${victim})(uid=*`, `*${victim.slice(4)}`]) {
        for (const [method, body] of [
          ['GET'],
          ['PUT', user('intruder')],
          ['PATCH', { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }],
          ['DELETE'],
        ] as const) {
          const answer = await gateway.scim(method, `/Users/${phrase(attack)}`, body);
          assert.ok([400, 404].includes(answer.status), `${method} ${attack}: ${answer.status}`);
        }
      }
    });

    it('an id as a member, a manager or a target of bulk is nobody', async () => {
      for (const attack of attacks) {
        const members = { op: 'add', path: 'members', value: [{ value: attack }] };
        const removed = { op: 'remove', path: `members[value eq ${quoted(attack)}]` };
        for (const operation of [members, removed]) {
          const body = { schemas: [urns.patchOp], Operations: [operation] };
          const answer = await gateway.scim('PATCH', `/Groups/${group}`, body);
          assert.ok(
            answer.status === 400 || (operation === removed && answer.status < 300),
            `${attack}: ${answer.status}`,
          );
        }
        const managed = user('managed', { [urns.enterpriseUser]: { manager: { value: attack } } });
        assert.equal((await gateway.scim('POST', '/Users', managed)).status, 400, attack);
        const bulk = await gateway.scim('POST', '/Bulk', {
          schemas: [urns.bulkRequest],
          Operations: [
            { method: 'DELETE', path: `/Users/${attack}` },
            { method: 'PATCH', path: `/Users/bulkId:${attack}`, data: { schemas: [urns.patchOp], Operations: [] } },
          ],
        });
        assert.ok(!/"status":"2/.test(JSON.stringify(bulk.body)), attack);
      }
    });

    it('a bulkId is a name within the request and nothing else', async () => {
      for (const attack of attacks) {
        const { status, body } = await gateway.scim('POST', '/Bulk', {
          schemas: [urns.bulkRequest],
          Operations: [{ method: 'POST', path: '/Users', bulkId: attack, data: user('by-bulk') }],
        });
        assert.equal(status, 200);
        const [result] = (body['Operations'] ?? []) as unknown as readonly { status: string; location?: string }[];
        if (result?.status !== '201') continue;
        const id = String(result.location).split('/').at(-1);
        assert.equal((await gateway.scim('DELETE', `/Users/${id}`)).status, 204, attack);
      }
    });

    it('a name becomes one part of one DN, right below its base, and comes back as it was', async () => {
      for (const attack of attacks) {
        const made = await gateway.scim('POST', '/Users', user(attack));
        assert.ok(made.status === 201 || made.status === 400, `${attack}: ${made.status} ${JSON.stringify(made.body)}`);
        if (made.status !== 201) continue;
        const id = String(made.body['id']);
        const entry = (await entries()).find((each) => each.strings('uid').includes(attack));
        assert.ok(entry, attack);
        assert.equal(parentDn(entry.dn), place.peopleDn, entry.dn);
        assert.deepEqual(
          parseDn(entry.dn)[0]?.map(({ value }) => value),
          [attack],
          entry.dn,
        );
        assert.equal((await gateway.scim('GET', `/Users/${id}`)).body['userName'], attack);
        const renamed = { op: 'replace', path: 'userName', value: `${attack}2` };
        const change = { schemas: [urns.patchOp], Operations: [renamed] };
        assert.ok((await gateway.scim('PATCH', `/Users/${id}`, change)).status < 300, attack);
        assert.equal((await gateway.scim('GET', `/Users/${id}`)).body['userName'], `${attack}2`);
        assert.equal((await gateway.scim('DELETE', `/Users/${id}`)).status, 204, attack);
      }
    });

    it('a value in a template stays the value', async () => {
      for (const attack of attacks) {
        const name = { familyName: attack, givenName: attack };
        const made = await gateway.scim('POST', '/Users', { schemas: [urns.user], userName: 'by-template', name });
        assert.ok(made.status === 201 || made.status === 400, `${attack}: ${made.status}`);
        if (made.status !== 201) continue;
        const { body } = await gateway.scim('GET', `/Users/${String(made.body['id'])}`);
        assert.equal((body['name'] as JsonObject)['formatted'], `${attack} ${attack}`);
        assert.equal((await gateway.scim('DELETE', `/Users/${String(made.body['id'])}`)).status, 204);
      }
    });

    it('a path of a patch changes what it names, or nothing', async () => {
      for (const attack of attacks) {
        for (const path of [attack, `emails[value eq ${quoted(attack)}]`, `emails[${attack}]`, `name.${attack}`]) {
          const operation: Readonly<Record<string, JsonValue>> = { op: 'remove', path };
          const body = { schemas: [urns.patchOp], Operations: [operation] };
          const answer = await gateway.scim('PATCH', `/Users/${victim}`, body);
          assert.ok(answer.status < 500, `${path}: ${answer.status}`);
        }
      }
    });
  });
}
