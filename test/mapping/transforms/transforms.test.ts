// Each transform as a table: what it reads, what it writes, what it refuses. `round` lists SCIM values that come back.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toBytes } from '../../../src/ldap/value.ts';
import { transformFactories } from '../../../src/mapping/transforms/registry.ts';
import type { Transform } from '../../../src/mapping/transforms/transform.ts';
import { ScimError } from '../../../src/scim/error.ts';
import type { JsonValue } from '../../../src/scim/json.ts';
import { compileFileSchema } from '../../../src/util/yaml-document.ts';

interface Table {
  readonly name: string;
  readonly options?: Readonly<Record<string, JsonValue>>;
  readonly reads: readonly (readonly [ldap: readonly (string | Buffer)[], scim: JsonValue | undefined])[];
  readonly writes: readonly (readonly [scim: JsonValue, ldap: readonly (string | Buffer)[]])[];
  readonly refuses: readonly JsonValue[];
  readonly round: fc.Arbitrary<JsonValue>;
  /** It reads what it would refuse to write. */
  readonly readsMore?: boolean;
}

/** Day 20454 since 1970, 134117066871230000 in steps of Active Directory. */
const now = Date.UTC(2026, 0, 1, 2, 4, 47, 123);

const values = { values: { Employee: 'staff', Contractor: 'EXT' }, otherwise: 'Guest' };
const milliseconds = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

/** A security identifier: its head up to the part 21, the domain, and the part that makes it one of the domain's. */
const sid = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(''), 'hex');

const tables: readonly Table[] = [
  {
    name: 'string',
    reads: [
      [[], undefined],
      [[''], undefined],
      [['', 'b'], 'b'],
      [['a', 'b'], 'a'],
      [['Zoë 😀'], 'Zoë 😀'],
      [[Buffer.from([0x61, 0xff])], 'a\ufffd'],
    ],
    writes: [
      ['Zoë', ['Zoë']],
      ['', []],
      [null, []],
      [[], []],
    ],
    refuses: [1, true, ['a'], { a: 1 }, 'half a pair: \ud83d'],
    round: fc.string({ unit: 'grapheme', minLength: 1 }),
  },
  {
    name: 'accountName',
    reads: [
      [[], undefined],
      [['bjensen'], 'bjensen'],
      // Samba 4.17 holds longer ones, and such a user has a name all the same.
      [['a name of more than 20 characters'], 'a name of more than 20 characters'],
    ],
    writes: [
      ['bjensen', ['bjensen']],
      ['Ünal 1.x', ['Ünal 1.x']],
      ['12345678901234567890', ['12345678901234567890']],
      ['', []],
    ],
    refuses: ['123456789012345678901', 'a/b', 'a:b', 'a"b', 'a*', 'end.', ' a', 'a\u0000', 7],
    round: fc.string({ unit: fc.constantFrom('a', 'Ö', '1'), minLength: 1, maxLength: 20 }),
    readsMore: true,
  },
  {
    name: 'boolean',
    reads: [
      [[], undefined],
      [['TRUE'], true],
      [['FALSE'], false],
      [['true'], true],
      [['maybe'], undefined],
    ],
    writes: [
      [true, ['TRUE']],
      [false, ['FALSE']],
      [null, []],
    ],
    refuses: ['TRUE', 1, 'yes'],
    round: fc.boolean(),
  },
  {
    name: 'boolean',
    options: { absent: true },
    reads: [
      [[], true],
      [['FALSE'], false],
      [['TRUE'], true],
      [['maybe'], true],
    ],
    writes: [[true, ['TRUE']]],
    refuses: ['x'],
    round: fc.boolean(),
  },
  {
    name: 'integer',
    reads: [
      [[], undefined],
      [['0'], 0],
      [['-12'], -12],
      [['007'], undefined],
      [['+1'], undefined],
      [['1.5'], undefined],
      [['0x10'], undefined],
      [['9007199254740993'], undefined],
    ],
    writes: [
      [42, ['42']],
      [-0, ['0']],
      [null, []],
    ],
    refuses: ['42', 1.5, 2 ** 53, true],
    round: fc.maxSafeInteger(),
  },
  {
    name: 'decimal',
    reads: [
      [[], undefined],
      [['1.50'], 1.5],
      [['1e3'], 1000],
      [['-0'], 0],
      [['1e999'], undefined],
      [['Infinity'], undefined],
      [['.5'], undefined],
      [['abc'], undefined],
    ],
    writes: [
      [1.5, ['1.5']],
      [1e21, ['1e+21']],
      [null, []],
    ],
    refuses: ['1.5', true],
    round: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  },
  {
    name: 'expiry',
    options: { unit: 'days' },
    reads: [
      [[], true],
      [['20453'], false],
      [['20454'], false],
      [['20455'], true],
      [['1'], false],
      // Never.
      [['0'], true],
      [['-1'], true],
      [['99999999999'], true],
      [['soon'], true],
    ],
    writes: [
      [true, []],
      [false, ['20453']],
      [null, []],
    ],
    refuses: ['false', 0],
    round: fc.boolean(),
  },
  {
    name: 'expiry',
    options: { unit: 'fileTime' },
    reads: [
      [[], true],
      [['0'], true],
      [['9223372036854775807'], true],
      [['134117066871230000'], false],
      [['134117066871230001'], true],
      [['1'], false],
    ],
    writes: [
      [true, []],
      [false, ['134117066871229999']],
    ],
    refuses: ['true'],
    round: fc.boolean(),
  },
  {
    name: 'fileTime',
    reads: [
      [[], undefined],
      [['116444736000000000'], '1970-01-01T00:00:00Z'],
      [['133801042871234567'], '2024-12-31T07:38:07.1234567Z'],
      [['133801042871234000'], '2024-12-31T07:38:07.1234Z'],
      [['133801042870000001'], '2024-12-31T07:38:07.0000001Z'],
      [['1'], '1601-01-01T00:00:00.0000001Z'],
      [['2650467743999999999'], '9999-12-31T23:59:59.9999999Z'],
      // Never, in both spellings, and what no client could read.
      [['0'], undefined],
      [['9223372036854775807'], undefined],
      [['2650467744000000000'], undefined],
      [['-1'], undefined],
      [['soon'], undefined],
    ],
    writes: [
      ['1970-01-01T00:00:00Z', ['116444736000000000']],
      ['2024-12-31T08:38:07.1234567+01:00', ['133801042871234567']],
      ['2024-12-31T07:38:07.123456789Z', ['133801042871234567']],
      ['1601-01-01T00:00:00.0000001Z', ['1']],
      [null, []],
    ],
    refuses: ['1601-01-01T00:00:00Z', '1600-12-31T23:59:59Z', '2026-11-24', '133801042871234567', 1, true],
    round: fc
      .bigInt({ min: 1n, max: 2650467743999999999n })
      .map((steps) => createTransform('fileTime').toScim([Buffer.from(String(steps))], now) ?? null),
  },
  {
    name: 'flag',
    options: { bit: 2, means: false },
    reads: [
      [[], true],
      [['512'], true],
      [['514'], false],
      [['66050'], false],
      [['-2147483646'], false],
      [['512', '514'], false],
      [['many'], true],
    ],
    writes: [
      [true, []],
      [false, ['2']],
      [null, []],
    ],
    refuses: ['false', 0, 2],
    round: fc.boolean(),
  },
  {
    name: 'flag',
    options: { bit: 2147483648 },
    reads: [
      [[], false],
      [['2'], false],
      [['-2147483646'], true],
      [['2147483650'], true],
    ],
    writes: [
      [true, ['-2147483648']],
      [false, []],
    ],
    refuses: ['true'],
    round: fc.boolean(),
  },
  {
    name: 'generalizedTime',
    reads: [
      [[], undefined],
      [['20261124111807Z'], '2026-11-24T11:18:07Z'],
      [['20261124111807.123456Z'], '2026-11-24T11:18:07.123Z'],
      [['20261124131807+0200'], '2026-11-24T11:18:07Z'],
      [['2026112411.5Z'], '2026-11-24T11:30:00Z'],
      [['20260230000000Z'], undefined],
      [['000001010000Z'], '0000-01-01T00:00:00Z'],
      [['000001010000+0100'], undefined],
      [['yesterday'], undefined],
    ],
    writes: [
      ['2026-11-24T11:18:07Z', ['20261124111807Z']],
      ['2026-11-24T13:18:07.5+02:00', ['20261124111807.500Z']],
      ['2026-11-24T11:18:07.1234567Z', ['20261124111807.123Z']],
      [null, []],
    ],
    refuses: ['2026-11-24', '2026-02-30T00:00:00Z', '20261124111807Z', 1_700_000_000, true],
    round: milliseconds.map((time) => new Date(time).toISOString().replace('.000Z', 'Z')),
  },
  {
    name: 'binary',
    reads: [
      [[], undefined],
      [[Buffer.from([0, 255, 16])], 'AP8Q'],
      [[Buffer.from([255])], '/w=='],
    ],
    writes: [
      ['AP8Q', [Buffer.from([0, 255, 16])]],
      ['/w', [Buffer.from([255])]],
      ['', []],
    ],
    refuses: ['a', 'AP8Q=', '*&^%', 'AP 8Q', '_w==', 5],
    round: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  },
  {
    name: 'uuid',
    reads: [
      [[], undefined],
      [['8A1F6C52-3D0E-4B97-9C44-5E2B7D90A6F1'], '8a1f6c52-3d0e-4b97-9c44-5e2b7d90a6f1'],
      [['not a uuid'], undefined],
    ],
    writes: [['8A1F6C52-3D0E-4B97-9C44-5E2B7D90A6F1', ['8a1f6c52-3d0e-4b97-9c44-5e2b7d90a6f1']]],
    refuses: ['8a1f6c52', '*', 1],
    round: fc.uuid(),
  },
  {
    name: 'guid',
    reads: [
      [[], undefined],
      // MS-DTYP s2.3.4.1: the first three fields are numbers, least octet first.
      [[Buffer.from('33221100554477668899aabbccddeeff', 'hex')], '00112233-4455-6677-8899-aabbccddeeff'],
      [[Buffer.from('ffffffffffffffffffffffffffffffff', 'hex')], 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
      [[Buffer.alloc(15)], undefined],
      [[Buffer.alloc(17)], undefined],
      [['00112233-4455-6677-8899-aabbccddeeff'], undefined],
    ],
    writes: [
      ['00112233-4455-6677-8899-AABBCCDDEEFF', [Buffer.from('33221100554477668899aabbccddeeff', 'hex')]],
      [null, []],
    ],
    refuses: ['00112233', '*', '33221100554477668899aabbccddeeff', 1],
    round: fc.uuid(),
  },
  {
    name: 'proxyAddress',
    reads: [
      [[], undefined],
      [['smtp:a@x', 'SMTP:b@x'], 'b@x'],
      [['Smtp:a@x'], 'a@x'],
      [['X500:/o=x', 'SIP:a@x', 'smtp:'], undefined],
    ],
    writes: [
      ['a@x', ['smtp:a@x']],
      ['', []],
    ],
    refuses: [1, true, '\ud83d'],
    round: fc.emailAddress(),
  },
  {
    name: 'relativeId',
    // MS-DTYP s2.4.2.2: revision, count of parts, authority, and the parts with their least octet first.
    options: { domain: 'S-1-5-21-1004336348-1177238915-682003330' },
    reads: [
      [[], undefined],
      [[sid('010500000000000515000000', 'dcf4dc3b833d2b46828ba628', '00020000')], '512'],
      [[sid('010500000000000515000000', 'dcf4dc3b833d2b46828ba628', 'ffffffff')], '4294967295'],
      // Of another domain, of none, of the domain itself, and none.
      [[sid('010500000000000515000000', 'dcf4dc3b833d2b46828ba629', '00020000')], undefined],
      [[Buffer.from('01020000000000052000000020020000', 'hex')], undefined],
      [[sid('010400000000000515000000', 'dcf4dc3b833d2b46828ba628', '')], undefined],
      [['512'], undefined],
    ],
    writes: [
      ['513', [sid('010500000000000515000000', 'dcf4dc3b833d2b46828ba628', '01020000')]],
      ['0', [sid('010500000000000515000000', 'dcf4dc3b833d2b46828ba628', '00000000')]],
      [null, []],
    ],
    refuses: ['4294967296', '-1', '0513', '5 13', 513],
    round: fc.nat({ max: 0xffff_ffff }).map(String),
  },
  {
    name: 'postalAddress',
    reads: [
      [[], undefined],
      [['12 High Street$Town$12345'], '12 High Street\nTown\n12345'],
      [['12 High Street $ Town'], '12 High Street\nTown'],
      [['US\\2450$C:\\5Cdir$\\99'], 'US$50\nC:\\dir\n\\99'],
      [['$ $'], undefined],
      [['12 High Street\n  Town'], '12 High Street\nTown'],
    ],
    writes: [
      ['12 High Street\nTown\r\n12345', ['12 High Street$Town$12345']],
      ['US$50\n\nC:\\dir', ['US\\2450$C:\\5Cdir']],
      ['\n', []],
      ['', []],
    ],
    refuses: [1, ['a'], '\ud83d'],
    round: fc
      .array(
        fc.string({ minLength: 1 }).filter((line) => line.trim() === line && line !== ''),
        { minLength: 1 },
      )
      .map((lines) => lines.join('\n')),
  },
  {
    name: 'accountLock',
    reads: [
      [[], true],
      [['000001010000Z'], false],
      [['20261124111807Z'], false],
      [[''], false],
    ],
    writes: [
      [true, []],
      [false, ['000001010000Z']],
    ],
    refuses: ['false', 0],
    round: fc.boolean(),
  },
  {
    name: 'values',
    options: values,
    reads: [
      [[], 'Guest'],
      [['staff'], 'Employee'],
      [['STAFF'], 'Employee'],
      [['ext', 'staff'], 'Employee'],
      [['someone'], 'Guest'],
    ],
    writes: [
      ['Employee', ['staff']],
      ['contractor', ['EXT']],
      ['Guest', []],
      [null, []],
    ],
    refuses: ['Boss', true],
    round: fc.constantFrom('Employee', 'Contractor', 'Guest'),
  },
  {
    name: 'values',
    options: { values: { true: 'active', false: 'disabled' }, type: 'boolean' },
    reads: [
      [['active'], true],
      [['disabled'], false],
      [[], undefined],
    ],
    writes: [
      [true, ['active']],
      [false, ['disabled']],
    ],
    refuses: ['active', 'true'],
    round: fc.boolean(),
  },
  {
    name: 'values',
    options: { values: { 1: 'one', 2.5: 'two and a half' }, type: 'decimal', otherwise: 0 },
    reads: [
      [['one'], 1],
      [['two and a half'], 2.5],
      [[], 0],
    ],
    writes: [
      [2.5, ['two and a half']],
      [0, []],
    ],
    refuses: [3],
    round: fc.constantFrom(0, 1, 2.5),
  },
  {
    name: 'values',
    options: { values: { a: 'X', b: 'x' } },
    reads: [
      [['X'], 'a'],
      [['x'], 'b'],
    ],
    writes: [['b', ['x']]],
    refuses: ['c'],
    round: fc.constantFrom('a', 'b'),
  },
];

function createTransform(name: string, options: Readonly<Record<string, JsonValue>> = {}): Transform {
  const factory = transformFactories.get(name);
  assert.ok(factory, name);
  return factory.create(options);
}

const asBuffers = (ldap: readonly (string | Buffer)[]) => ldap.map(toBytes);

describe('transforms', () => {
  for (const table of tables) {
    describe(`${table.name} ${table.options === undefined ? '' : JSON.stringify(table.options)}`, () => {
      const transform = createTransform(table.name, table.options);

      it('reads', () => {
        for (const [ldap, scim] of table.reads) {
          assert.deepEqual(transform.toScim(asBuffers(ldap), now), scim, JSON.stringify(ldap.map(String)));
        }
      });

      it('writes', () => {
        for (const [scim, ldap] of table.writes) {
          assert.deepEqual(transform.toLdap(scim, now).map(toBytes), asBuffers(ldap), JSON.stringify(scim));
        }
      });

      it('refuses with 400 invalidValue what cannot be stored', () => {
        for (const scim of table.refuses) {
          assert.throws(
            () => transform.toLdap(scim, now),
            (error) => error instanceof ScimError && error.status === 400 && error.scimType === 'invalidValue',
            JSON.stringify(scim),
          );
        }
      });

      it('gives back what it wrote', () => {
        fc.assert(
          fc.property(table.round, (scim) => {
            const written = transform.toLdap(scim, now);
            assert.deepEqual(transform.toScim(written.map(toBytes), now), scim);
          }),
        );
      });

      it('never throws on what a directory holds, and writes what it read', () => {
        const stored = fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
            fc.string().map((held) => Buffer.from(held)),
            fc
              .string({
                unit: fc.constantFrom('$', '\\', '2', '4', '5', 'C', ' ', '\n', '\r', '-', '0', '.', 'e', 'Z'),
              })
              .map((held) => Buffer.from(held)),
          ),
        );
        fc.assert(
          fc.property(stored, (held) => {
            const scim = transform.toScim(held, now);
            // Lone surrogates cannot come from octets: everything read is well formed and may be written back.
            if (scim !== undefined && table.readsMore !== true)
              assert.deepEqual(transform.toScim(transform.toLdap(scim, now).map(toBytes), now), scim);
          }),
        );
      });
    });
  }

  it('fileTime loses no step of 100 ns on the way to the client and back', () => {
    const transform = createTransform('fileTime');
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2650467743999999999n }), (steps) => {
        const shown = transform.toScim([Buffer.from(String(steps))], now);
        assert.deepEqual(transform.toLdap(shown ?? null, now), [String(steps)]);
      }),
    );
  });

  it('flag changes its bit and no other, whatever the number and its sign', () => {
    const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(number, fc.nat(31), fc.boolean(), fc.boolean(), (held, power, means, value) => {
        const transform = createTransform('flag', { bit: 2 ** power, means });
        const [written = '0'] = transform.toLdap(value, now, [Buffer.from(String(held))]).map(String);
        const changed = Number(written) ^ held;
        assert.ok(changed === 0 || changed >>> 0 === 2 ** power, `${held} ${written}`);
        assert.equal(String(Number(written) | 0), written, 'a signed number of 32 bits');
        assert.equal(transform.toScim([Buffer.from(written)], now), value);
      }),
    );
  });

  it('expiry keeps a date that says what shall be said', () => {
    const { toLdap } = createTransform('expiry', { unit: 'days' });
    const held = (text: string) => [Buffer.from(text)];
    assert.deepEqual(toLdap(false, now, held('15000')), held('15000'));
    assert.deepEqual(toLdap(true, now, held('30000')), held('30000'));
    assert.deepEqual(toLdap(true, now, held('15000')), []);
    assert.deepEqual(toLdap(false, now, held('30000')).map(String), ['20453']);
  });

  it('accountName makes of any text a name that it takes', () => {
    const { adjust } = createTransform('accountName');
    for (const [text, name] of [
      ['bjensen@example.com', 'bjensen'],
      // With a part of a hash of all of it: two that begin alike are two.
      ['barbara.jensen-universal@example.com', 'barbara.jensen~3f918'],
      ['Barbara.Jensen-Universal@example.org', 'Barbara.Jensen~40612'],
      ['barbara.jensen-universally@example.com', 'barbara.jensen~870ed'],
      ['exactly.twenty.chars@x', 'exactly.twenty.chars'],
      ['a/b', 'ab~c14cd'],
      ['@home', '@home'],
      ['...', undefined],
      ['***', undefined],
    ] as const)
      assert.equal(adjust?.(text), name, text);
    const { adjust: always } = createTransform('accountName', { distinct: true });
    assert.notEqual(always?.('bjensen@example.com'), always?.('bjensen@example.org'));
    assert.match(always?.('bjensen@example.com') ?? '', /^bjensen~[0-9a-f]{5}$/);
    const groups = createTransform('accountName', { maxLength: 256 });
    assert.equal(groups.adjust?.('x'.repeat(300))?.length, 256);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, maxLength) => {
        const transform = createTransform('accountName', { maxLength });
        const name = transform.adjust?.(text);
        if (name !== undefined) assert.deepEqual(transform.toLdap(name, now), [name]);
      }),
    );
  });

  it('a time that goes is gone, or says never', async () => {
    assert.equal(createTransform('fileTime').unassigned, undefined);
    assert.deepEqual(createTransform('fileTime', { never: '0' }).unassigned, ['0']);
    const { toLdap } = createTransform('expiry', { unit: 'fileTime' });
    assert.deepEqual(toLdap(true, now, [Buffer.from('1')]), ['9223372036854775807']);
  });

  it('flag takes one bit and nothing else', () => {
    for (const bit of [0, 3, 6, -2, 2 ** 32, 1.5, '2']) {
      const options = { bit };
      const valid = compileFileSchema(transformFactories.get('flag')?.options ?? {})(options);
      if (valid) assert.throws(() => createTransform('flag', options), /the value of one bit/, String(bit));
    }
  });

  it('are all in a table, and named in the registry as they call themselves', () => {
    assert.deepEqual(new Set(tables.map((table) => table.name)), new Set(transformFactories.keys()));
    for (const [name, factory] of transformFactories) assert.equal(factory.name, name);
  });

  it('describe their options in strict JSON Schema', () => {
    for (const factory of transformFactories.values()) {
      const validate = compileFileSchema(factory.options);
      assert.equal(validate({ surprise: 1 }), false, factory.name);
    }
  });

  it('values refuses maps that cannot be turned back, or are not of the type', () => {
    for (const [options, message] of [
      [{ values: { a: 'x', b: 'x' } }, /same LDAP value/],
      [{ values: { yes: 'x' }, type: 'boolean' }, /"yes" must be true or false/],
      [{ values: { '1.5': 'x' }, type: 'integer' }, /whole number/],
      [{ values: { true: 'x' }, type: 'boolean', otherwise: 'no' }, /"otherwise" must be a boolean/],
      [{ values: 'x' }, /must list/],
    ] as const) {
      assert.throws(() => createTransform('values', options), message);
    }
  });
});
