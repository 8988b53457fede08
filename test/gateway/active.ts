// `active` by the rules that a mapping file can give: on any directory, what is disabled is found as disabled, disabling
// twice writes once, and nothing else of the account changes.
import assert from 'node:assert/strict';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

interface Strategy {
  readonly name: string;
  /** Lines of `entry`. */
  readonly entry: string;
  readonly attribute: string;
  /** Keys of `active` beside `attribute`. */
  readonly rule: string;
  /** Lines of `attributes` beside it. */
  readonly others?: string;
  /** What new entries hold, and what is written to disable and to enable them. */
  readonly enabled: RegExp;
  readonly disabled: RegExp;
  /** What differs in Active Directory, whose users have the classes of all these attributes. */
  readonly inActiveDirectory?: Partial<Pick<Strategy, 'attribute' | 'entry' | 'others'>>;
}

const strategies: readonly Strategy[] = [
  {
    name: 'one bit of a number',
    entry: 'auxiliaryClasses: [shadowAccount], defaults: { shadowFlag: "66048" }',
    attribute: 'shadowFlag',
    rule: 'transform: flag, options: { bit: 2, means: false }',
    enabled: /^66048$/,
    disabled: /^66050$/,
    inActiveDirectory: { attribute: 'userAccountControl', entry: 'defaults: { userAccountControl: "66048" }' },
  },
  {
    name: 'the day on which a Unix account ends',
    entry: 'auxiliaryClasses: [shadowAccount]',
    attribute: 'shadowExpire',
    rule: 'transform: expiry, options: { unit: days }',
    enabled: /^$/,
    disabled: /^[1-9]\d{4}$/,
    inActiveDirectory: { entry: '' },
  },
  {
    name: 'the time at which an account of Active Directory ends',
    entry: 'auxiliaryClasses: [shadowAccount], defaults: { shadowMax: "0" }',
    attribute: 'shadowMax',
    rule: 'transform: expiry, options: { unit: fileTime }',
    enabled: /^(?:0|9223372036854775807)$/,
    disabled: /^[1-9]\d{17}$/,
    inActiveDirectory: {
      attribute: 'accountExpires',
      entry: '',
      others: 'urn:scim-ldap:schemas:active-directory:1.0:User:accountExpires: null',
    },
  },
  {
    name: 'a value that says no, such as loginDisabled',
    entry: 'objectClasses: [top, person, organizationalPerson, inetOrgPerson]',
    attribute: 'carLicense',
    rule: 'values: { "false": "TRUE" }, otherwise: true',
    enabled: /^$/,
    disabled: /^TRUE$/,
    inActiveDirectory: { entry: '', others: 'timezone: null' },
  },
  {
    name: 'values of its own for both',
    entry: 'defaults: { roomNumber: staff }',
    attribute: 'roomNumber',
    rule: 'values: { "true": staff, "false": former }, otherwise: true',
    enabled: /^staff$/,
    disabled: /^former$/,
  },
];

export interface ActiveBase {
  /** The file below `mappings/` that each rule is put into. */
  readonly mapping: string;
  /** How `active` is ruled there. */
  readonly by: 'values' | 'transform' | 'bit';
  readonly activeDirectory?: boolean;
}

/** YAML by which another rule takes the place of the one that the mapping has. */
function replacing(rule: string, by: ActiveBase['by']): string {
  const isValues = rule.startsWith('values');
  switch (by) {
    case 'values':
      return isValues ? rule : `${rule}, values: null, otherwise: null`;
    case 'transform':
      return isValues ? `${rule}, transform: null` : rule;
    case 'bit':
      return isValues
        ? `${rule}, transform: null, options: null`
        : rule.replace('options: { unit', 'options: { bit: null, means: null, unit');
  }
}

export function describeActive(name: string, base: ActiveBase, start: () => Promise<LifeCycleDirectory>): void {
  let started: Promise<LifeCycleDirectory> | undefined;
  for (const each of strategies) {
    const strategy = { ...each, ...(base.activeDirectory === true ? each.inActiveDirectory : {}) };
    describe(`active by ${strategy.name}, on ${name}`, () => {
      let served: ServedGateway;
      let other: ServedGateway;
      let place: LifeCycleDirectory;
      let count = 0;

      before(async () => {
        started ??= start();
        place = await started;
        const changes = `
resourceTypes:
  User:
    entry: { ${strategy.entry} }
    attributes:
      active: { attribute: ${strategy.attribute}, ${replacing(strategy.rule, base.by)} }
      ${strategy.others ?? ''}
`;
        const options = { mapping: base.mapping, changes };
        [served, other] = [await servePlace(place, options), await servePlace(place, options)];
      });
      after(async () => {
        await served.stop();
        await other.stop();
      });

      const create = async (more: JsonObject): Promise<string> => {
        count += 1;
        const body = { schemas: [urns.user], userName: `active-${count}-${strategy.attribute.toLowerCase()}`, ...more };
        const answer = await served.scim('POST', '/Users', body);
        assert.equal(answer.status, 201, JSON.stringify(answer.body));
        assert.equal(answer.body['active'], more['active'] ?? true);
        return String(answer.body['id']);
      };
      const set = async (id: string, active: boolean, gateway = served): Promise<void> => {
        const Operations = [{ op: 'replace', path: 'active', value: active }];
        const { status, body } = await gateway.scim('PATCH', `/Users/${id}`, { schemas: [urns.patchOp], Operations });
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body['active'], active);
      };
      const find = async (filter: string): Promise<string[]> => {
        const { status, body } = await served.scim('GET', `/Users?count=500&filter=${encodeURIComponent(filter)}`);
        assert.equal(status, 200, `${filter}: ${JSON.stringify(body)}`);
        return ((body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id);
      };
      const held = async (id: string): Promise<string> => {
        const userName = String((await served.scim('GET', `/Users/${id}`)).body['userName']);
        const { entries } = await served.directory
          .search({
            base: place.peopleDn,
            scope: 'subtree',
            filter: { kind: 'equality', attribute: place.naming?.attribute ?? 'uid', value: userName },
            attributes: [strategy.attribute],
          })
          .collect();
        return entries[0]?.strings(strategy.attribute).join() ?? '';
      };
      const modifies = async (work: () => Promise<unknown>): Promise<number> =>
        (await served.record(work)).filter(({ operation }) => operation === 'modify').length;

      it('new users are as they were asked for', async () => {
        assert.match(await held(await create({})), strategy.enabled);
        assert.match(await held(await create({ active: true })), strategy.enabled);
        assert.match(await held(await create({ active: false })), strategy.disabled);
      });

      it('disabling and enabling are one modify each, and none where nothing changes', async () => {
        const id = await create({});
        assert.equal(await modifies(() => set(id, false)), 1);
        const disabled = await held(id);
        assert.match(disabled, strategy.disabled);
        assert.equal(await modifies(() => set(id, false)), 0);
        assert.equal(await held(id), disabled);
        assert.equal(await modifies(() => set(id, true)), 1);
        assert.match(await held(id), strategy.enabled);
        assert.equal(await modifies(() => set(id, true)), 0);
      });

      it('it cannot be removed, and a replace that does not name it leaves it', async () => {
        const id = await create({ active: false });
        const remove = { schemas: [urns.patchOp], Operations: [{ op: 'remove', path: 'active' }] };
        assert.equal((await served.scim('PATCH', `/Users/${id}`, remove)).body['scimType'], 'mutability');
        const { userName } = (await served.scim('GET', `/Users/${id}`)).body;
        const replaced = await served.scim('PUT', `/Users/${id}`, { schemas: [urns.user], userName, displayName: 'D' });
        assert.deepEqual([replaced.status, replaced.body['active']], [200, false]);
      });

      it('filters find both kinds, by the directory alone', async () => {
        const [on, off] = [await create({}), await create({ active: false })];
        for (const [filter, wanted] of [
          ['active eq true', [on]],
          ['active eq false', [off]],
          ['active ne true', [off]],
          ['not (active eq false)', [on]],
          ['active pr', [on, off]],
          ['active eq false or active eq true', [on, off]],
        ] as const) {
          const found = await find(filter);
          assert.deepEqual(
            [on, off].filter((id) => found.includes(id)),
            wanted,
            filter,
          );
        }
        const searches = await served.record(() => find('active eq false'));
        assert.ok(searches.length > 0);
        assert.ok(JSON.stringify(searches).includes(strategy.attribute), JSON.stringify(searches));
      });

      // What another one changes in the same value is there for this rule alone.
      if (strategy.rule.includes('bit'))
        it('a change in between is read again, and kept', async () => {
          const id = await create({});
          const { modify } = served.directory;
          const port: DirectoryPort = served.directory;
          port.modify = async (request, options) => {
            port.modify = modify;
            const { attribute } = strategy;
            const modifications = [{ operation: 'replace', attribute, values: ['4194816'] }] as const;
            await modify({ dn: request.dn, modifications });
            return await modify(request, options);
          };
          await set(id, false);
          assert.equal(await held(id), '4194818');
          await Promise.all(Array.from({ length: 12 }, (_, index) => set(id, true, index % 2 === 0 ? served : other)));
          assert.equal(await held(id), '4194816');
        });
    });
  }
}
