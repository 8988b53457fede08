import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAttributeLookup } from '../../../src/ldap/embedded/describe-attribute.ts';
import { createValueSharing } from '../../../src/ldap/embedded/share-values.ts';
import { ValueSet, valueKey } from '../../../src/ldap/embedded/value-set.ts';
import { standardSubschema } from '../../../src/ldap/subschema/standard.ts';

const describeAttribute = createAttributeLookup(standardSubschema);
const cn = describeAttribute('cn')!;
const keyOf = (text: string) => valueKey(cn.type, Buffer.from(text));

describe('ValueSet', () => {
  it('does what a map by key does, small or large', () => {
    const change = fc.record({
      adds: fc.boolean(),
      text: fc.integer({ min: 0, max: 40 }).map((number) => `v${number}`),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        let set = ValueSet.of(cn, []);
        const model = new Map<string, string>();
        for (const { adds, text } of changes) {
          const key = keyOf(text);
          set = adds ? set.add(key, Buffer.from(text)) : set.delete(key);
          if (adds) model.set(key, text);
          else model.delete(key);
          assert.equal(set.size, model.size);
          assert.equal(set.has(key), model.has(key));
        }
        assert.deepEqual(set.values.map(String).sort(), Array.from(model.values()).sort());
        assert.deepEqual([...set.keys].sort(), Array.from(model.keys()).sort());
        assert.deepEqual(
          Array.from(set.entries(), ([key, value]) => [key, String(value)]).sort(),
          Array.from(model).sort(),
        );
      }),
    );
  });

  it('keeps the spelling that came first', () => {
    const set = ValueSet.of(
      cn,
      ['Ada', 'ADA', ' ada '].map((text) => Buffer.from(text)),
    );
    assert.deepEqual(set.values.map(String), ['Ada']);
  });

  it('with few values never changes, so that it can be shared', () => {
    const share = createValueSharing();
    const one = share(ValueSet.of(cn, [Buffer.from('x')]));
    const other = share(ValueSet.of(cn, [Buffer.from('x')]));
    assert.equal(one, other);
    const longer = one.add(keyOf('y'), Buffer.from('y'));
    assert.deepEqual([one.size, longer.size, longer.delete(keyOf('x')).size, longer.size], [1, 2, 1, 2]);
    assert.notEqual(share(ValueSet.of(cn, [Buffer.from('X')])), one, 'another spelling is another set');
  });
});

describe('createAttributeLookup', () => {
  const cases: readonly [text: string, name: string | undefined][] = [
    ['cn', 'cn'],
    ['COMMONNAME', 'cn'],
    ['2.5.4.3', 'cn'],
    ['CN;lang-DE', 'cn;lang-de'],
    ['userCertificate;binary', 'userCertificate;binary'],
    ['cn;b;a', 'cn;a;b'],
    ['nonsense', undefined],
    ['cn;', undefined],
    ['cn;a b', undefined],
  ];
  for (const [text, name] of cases)
    it(`${text} is ${name ?? 'nothing'}`, () => assert.equal(describeAttribute(text)?.name, name));
  it('gives one description for all spellings', () =>
    assert.equal(describeAttribute('commonName'), describeAttribute('Cn')));
});
