import assert from 'node:assert/strict';
import { LdapSyntaxError } from '../../../src/ldap/errors.ts';
import { parseAttributeType, parseObjectClass } from '../../../src/ldap/subschema/parse-definition.ts';
import { extendSubschema, parseSubschema } from '../../../src/ldap/subschema/parse-subschema.ts';

const ARC = '1.3.6.1.4.1.1466.115.121.1';

describe('parseAttributeType', () => {
  it('reads every field', () => {
    assert.deepEqual(
      parseAttributeType(
        `( 1.2.3 NAME ( 'a' 'b' ) DESC 'it\\27s \\5C $ ( )' OBSOLETE SUP name EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch
           SUBSTR caseIgnoreSubstringsMatch SYNTAX ${ARC}.15{64} SINGLE-VALUE NO-USER-MODIFICATION USAGE dSAOperation
           X-ORIGIN ( 'RFC 1' 'RFC 2' ) X-SCHEMA-FILE '00core.ldif' )`,
      ),
      {
        oid: '1.2.3',
        names: ['a', 'b'],
        description: "it's \\ $ ( )",
        superior: 'name',
        syntax: `${ARC}.15`,
        length: 64,
        equality: 'caseIgnoreMatch',
        ordering: 'caseIgnoreOrderingMatch',
        substrings: 'caseIgnoreSubstringsMatch',
        singleValue: true,
        noUserModification: true,
        usage: 'dSAOperation',
      },
    );
  });

  for (const [name, text, names, syntax] of [
    ['no name', `(1.2.3 SYNTAX ${ARC}.15)`, [], `${ARC}.15`],
    ['Active Directory', `( 2.5.4.3 NAME 'cn' SYNTAX '${ARC}.15' SINGLE-VALUE )`, ['cn'], `${ARC}.15`],
    [
      '389-DS',
      `( nsRoot-oid NAME 'nsRoot' DESC 'Netscape defined' SYNTAX ${ARC}.15 X-ORIGIN 'Netscape' )`,
      ['nsRoot'],
      `${ARC}.15`,
    ],
    ['names without quotes', `( 1.2.3 NAME cn SYNTAX ${ARC}.15 )`, ['cn'], `${ARC}.15`],
    ['keywords in small letters', `( 1.2.3 name 'cn' syntax ${ARC}.15 )`, ['cn'], `${ARC}.15`],
    ['an empty description', `( 1.2.3 NAME 'cn' DESC '' SYNTAX ${ARC}.15 )`, ['cn'], `${ARC}.15`],
  ] as const) {
    it(`takes ${name}`, () => {
      const type = parseAttributeType(text);
      assert.deepEqual([type.names, type.syntax], [names, syntax]);
    });
  }

  for (const text of [
    '',
    'cn',
    '( )',
    '( 1.2.3',
    "( 1.2.3 NAME 'a )",
    '( 1.2.3 NAME )',
    '( 1.2.3 ) x',
    "( 1.2.3 'a' )",
    '( 1.2.3 NAME ( a',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseAttributeType(text), LdapSyntaxError));
  }
});

describe('parseObjectClass', () => {
  it('reads lists with and without spaces', () => {
    assert.deepEqual(
      parseObjectClass("( 1.2.3 NAME 'c' SUP (top $ person) AUXILIARY MUST (cn$sn) MAY ( a $ b $ c ) X-ORIGIN 'x' )"),
      {
        oid: '1.2.3',
        names: ['c'],
        kind: 'auxiliary',
        superiors: ['top', 'person'],
        must: ['cn', 'sn'],
        may: ['a', 'b', 'c'],
      },
    );
  });

  it('is structural where nothing is said (RFC 4512 s4.1.1)', () => {
    assert.equal(parseObjectClass("( 1.2.3 NAME 'c' )").kind, 'structural');
    assert.equal(parseObjectClass("( 1.2.3 NAME 'c' ABSTRACT )").kind, 'abstract');
  });
});

describe('parseSubschema', () => {
  const subschema = parseSubschema({
    attributeTypes: [
      "( 1.1 NAME ( 'cn' 'commonName' ) SUP name )",
      `( 1.2 NAME 'name' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX ${ARC}.15{99} SINGLE-VALUE )`,
      `( 1.3 NAME 'c' SUP cn SYNTAX ${ARC}.11 EQUALITY caseExactMatch )`,
      `( 1.4 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX ${ARC}.38 )`,
      "( 1.5 NAME 'loop' SUP pool )",
      "( 1.6 NAME 'pool' SUP loop )",
      "( 1.7 NAME 'orphan' SUP nosuch )",
    ],
    objectClasses: [
      "( 2.1 NAME 'top' ABSTRACT MUST objectClass )",
      "( 2.2 NAME 'person' SUP top STRUCTURAL MUST commonName MAY name )",
      "( 2.3 NAME 'child' SUP person STRUCTURAL MAY ( 1.1 $ c $ unknownType ) )",
      "( 2.4 NAME 'a' SUP b )",
      "( 2.5 NAME 'b' SUP a MAY c )",
    ],
  });

  it('finds by any name and OID in any case, with options', () => {
    for (const name of ['cn', 'CN', 'commonname', '1.1', 'cn;lang-en;x-y', 'CN;binary'])
      assert.equal(subschema.attributeType(name)?.oid, '1.1', name);
    for (const name of ['person', 'PERSON', '2.2']) assert.equal(subschema.objectClass(name)?.oid, '2.2', name);
    for (const name of ['', 'x', ';', '1']) assert.equal(subschema.attributeType(name), undefined, name);
  });

  it('inherits syntax and rules, but not SINGLE-VALUE', () => {
    const { syntax, length, equality, substrings, ordering, singleValue } =
      subschema.attributeType('cn') ?? assert.fail();
    assert.deepEqual(
      [syntax, length, equality, substrings, ordering, singleValue],
      [`${ARC}.15`, 99, 'caseIgnoreMatch', 'caseIgnoreSubstringsMatch', undefined, false],
    );
    const own = subschema.attributeType('c');
    assert.deepEqual(
      [own?.syntax, own?.equality, own?.substrings],
      [`${ARC}.11`, 'caseExactMatch', 'caseIgnoreSubstringsMatch'],
    );
  });

  it('survives loops and superiors that are not there', () => {
    assert.equal(subschema.attributeType('loop')?.syntax, `${ARC}.40`);
    assert.equal(subschema.attributeType('orphan')?.equality, undefined);
    assert.deepEqual([...subschema.allowed(['a']).may], ['c']);
  });

  it('collects what classes and their superiors allow, by first names', () => {
    const { must, may } = subschema.allowed(['CHILD', 'nosuch']);
    assert.deepEqual([...must].sort(), ['cn', 'objectclass']);
    assert.deepEqual([...may].sort(), ['c', 'name', 'unknowntype']);
  });

  it('leaves out what cannot be read, and tells', () => {
    const told: string[] = [];
    const result = parseSubschema(
      { attributeTypes: ['nonsense', "( 1.1 NAME 'a' )"], objectClasses: ['( '] },
      { onUnreadable: (definition) => told.push(definition) },
    );
    assert.equal(result.attributeTypes.length, 1);
    assert.deepEqual(told, ['nonsense', '( ']);
  });

  it('gives rules by syntax only where the directory compares so', () => {
    const bare = `( 1.1 NAME 'a' SYNTAX ${ARC}.15 )`;
    const ruled = `( 1.2 NAME 'b' EQUALITY caseExactMatch SYNTAX ${ARC}.15 )`;
    const derived = "( 1.3 NAME 'c' SUP b )";
    const marker = `( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' SYNTAX ${ARC}.15 )`;
    const rulesOf = (...attributeTypes: readonly string[]): readonly (string | undefined)[] =>
      parseSubschema({ attributeTypes, objectClasses: [] }).attributeTypes.map(({ equality }) => equality);
    assert.deepEqual(rulesOf(bare), ['caseIgnoreMatch']);
    assert.deepEqual(rulesOf(bare, ruled), [undefined, 'caseExactMatch']);
    assert.deepEqual(rulesOf(bare, ruled, derived, marker), [
      'caseIgnoreMatch',
      'caseExactMatch',
      'caseExactMatch',
      'caseIgnoreMatch',
    ]);
  });
});

describe('extendSubschema', () => {
  const base = parseSubschema({
    attributeTypes: [`( 1.1 NAME ( 'a' 'alpha' ) EQUALITY caseIgnoreMatch SYNTAX ${ARC}.15 )`],
    objectClasses: ["( 2.1 NAME 'k' MAY a )"],
  });

  it('adds, inheriting from the base', () => {
    const more = extendSubschema(base, {
      attributeTypes: ["( 1.2 NAME 'b' SUP alpha )"],
      objectClasses: ["( 2.2 NAME 'l' SUP k )"],
    });
    assert.equal(more.attributeType('b')?.equality, 'caseIgnoreMatch');
    assert.deepEqual([...more.allowed(['l']).may], ['a']);
    assert.equal(base.attributeType('b'), undefined);
  });

  it('replaces a definition whole', () => {
    const more = extendSubschema(base, { attributeTypes: [`( 1.9 NAME 'a' SYNTAX ${ARC}.27 )`], objectClasses: [] });
    assert.equal(more.attributeTypes.length, 1);
    assert.equal(more.attributeType('a')?.syntax, `${ARC}.27`);
    assert.equal(more.attributeType('alpha'), undefined);
    assert.equal(more.attributeType('1.1'), undefined);
  });

  it('throws for what cannot be read', () => {
    assert.throws(() => extendSubschema(base, { attributeTypes: ['x'], objectClasses: [] }), LdapSyntaxError);
  });
});
