import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LdifError, parseLdif, parseSchemaLdif, printLdifEntry } from '../../src/ldap/ldif.ts';
import { extendSubschema } from '../../src/ldap/subschema/parse-subschema.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';

describe('parseLdif', () => {
  it('reads content records', () => {
    const text = [
      'version: 1',
      '# a comment',
      '  that goes on',
      'dn: uid=a,dc=x',
      'objectClass: top',
      'OBJECTCLASS: person',
      'cn:   A  B ',
      'description: folded ',
      ' over ',
      '  lines',
      'sn:: w4k=',
      'jpegPhoto:: /9g=',
      'title:',
      'cn;lang-en: x:y: z',
      '',
      '',
      '# nothing but a comment',
      '',
      'dn:: b3U9w6k=',
      'ou: é',
    ].join('\r\n');
    assert.deepEqual(parseLdif(text), [
      {
        kind: 'entry',
        dn: 'uid=a,dc=x',
        line: 4,
        attributes: [
          { type: 'objectClass', values: ['top', 'person'] },
          { type: 'cn', values: ['A  B '] },
          { type: 'description', values: ['folded over  lines'] },
          { type: 'sn', values: ['É'] },
          { type: 'jpegPhoto', values: [Buffer.from([0xff, 0xd8])] },
          { type: 'title', values: [''] },
          { type: 'cn;lang-en', values: ['x:y: z'] },
        ],
      },
      { kind: 'entry', dn: 'ou=é', line: 19, attributes: [{ type: 'ou', values: ['é'] }] },
    ]);
  });

  it('reads change records', () => {
    const text = `dn: cn=a
changetype: add
cn: a

dn: cn=a
changetype: modify
add: mail
mail: x
mail: y
-
delete: title
-
replace: sn
sn: z

dn: cn=a
changetype: modrdn
newrdn: cn=b
deleteoldrdn: 1
newsuperior: dc=x

dn: cn=a
changetype: moddn
newrdn: cn=b
deleteoldrdn: 0

dn: cn=b
changetype: delete
`;
    assert.deepEqual(parseLdif(text), [
      { kind: 'add', dn: 'cn=a', line: 1, attributes: [{ type: 'cn', values: ['a'] }] },
      {
        kind: 'modify',
        dn: 'cn=a',
        line: 5,
        modifications: [
          { operation: 'add', attribute: 'mail', values: ['x', 'y'] },
          { operation: 'delete', attribute: 'title', values: [] },
          { operation: 'replace', attribute: 'sn', values: ['z'] },
        ],
      },
      { kind: 'modifyDn', dn: 'cn=a', line: 16, newRdn: 'cn=b', deleteOldRdn: true, newSuperior: 'dc=x' },
      { kind: 'modifyDn', dn: 'cn=a', line: 22, newRdn: 'cn=b', deleteOldRdn: false },
      { kind: 'delete', dn: 'cn=b', line: 27 },
    ]);
  });

  it('reads nothing from nothing', () => {
    assert.deepEqual(parseLdif(''), []);
    assert.deepEqual(parseLdif('version: 1\n'), []);
    assert.deepEqual(parseLdif('# only a comment\n\n\n'), []);
  });

  const wrong: readonly (readonly [text: string, line: number, message: RegExp])[] = [
    ['cn: a', 1, /"dn:" expected/],
    ['dn: cn=a\nnonsense', 2, /"name: value" expected/],
    ['dn: cn=a\ncn:: ä', 2, /base64/],
    ['dn: cn=a\ncn:: YQ=', 2, /base64/],
    ['dn:: /w==', 1, /UTF-8/],
    ['dn: cn=a\njpegPhoto:< file:///etc/passwd', 2, /URL/],
    ['version: 2\n\ndn: cn=a', 1, /version/],
    [' x\ndn: cn=a', 1, /continuation/],
    ['\n\n x', 3, /continuation/],
    ['dn: cn=a\nchangetype: nonsense', 2, /changetype/],
    ['dn: cn=a\nchangetype: delete\ncn: a', 3, /nothing may follow/],
    ['dn: cn=a\nchangetype: modify\nmail: x', 3, /"add:"/],
    ['dn: cn=a\nchangetype: modify\nadd: mail\ncn: x', 4, /"mail:" or "-"/],
    ['dn: cn=a\nchangetype: modrdn', 2, /newrdn/],
    ['dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: yes', 4, /deleteoldrdn/],
    ['dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 1\ncn: x', 5, /unexpected/],
    ['dn: cn=a\ncontrol: 1.2.3 true\nchangetype: delete', 2, /controls/],
    ['dn: cn=a\n-', 2, /"-"/],
  ];
  for (const [text, line, message] of wrong) {
    it(`refuses ${JSON.stringify(text)} in line ${line}`, () => {
      assert.throws(
        () => parseLdif(text),
        (error) => {
          assert.ok(error instanceof LdifError);
          assert.equal(error.line, line);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe('printLdifEntry', () => {
  it('writes base64 only where text would not survive', () => {
    const values = [
      'a',
      '',
      ' a',
      'a ',
      ':a',
      '<a',
      'a:b',
      '#a',
      'é',
      'a\nb',
      'a\0',
      Buffer.from([0xff]),
      Buffer.from('a'),
    ];
    assert.equal(
      printLdifEntry('cn=a', [{ type: 'cn', values }]),
      [
        'dn: cn=a',
        'cn: a',
        'cn:',
        'cn:: IGE=',
        'cn:: YSA=',
        'cn:: OmE=',
        'cn:: PGE=',
        'cn: a:b',
        'cn: #a',
        'cn:: w6k=',
        'cn:: YQpi',
        'cn:: YQA=',
        'cn:: /w==',
        'cn: a',
        '',
        '',
      ].join('\n'),
    );
  });

  it('folds at 76 characters', () => {
    const lines = printLdifEntry('cn=a', [{ type: 'cn', values: ['x'.repeat(200)] }]).split('\n');
    assert.deepEqual(
      lines.map((line) => line.length),
      [8, 76, 76, 54, 0, 0],
    );
  });

  it('is read back', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(' ', ':', '<', '\n', '\r', '#', '-', 'a'), maxLength: 200 }),
    );
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1 }), (dn, values) => {
        const [record] = parseLdif(printLdifEntry(dn, [{ type: 'cn', values }]));
        assert.deepEqual(record, { kind: 'entry', dn, line: 1, attributes: [{ type: 'cn', values }] });
      }),
    );
  });
});

describe('parseSchemaLdif', () => {
  it('reads OpenLDAP schema entries', () => {
    const definitions = parseSchemaLdif(`# own attributes
dn: cn=own,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: own
olcObjectIdentifier: {0}ownRoot 1.3.6.1.4.1.99999
olcObjectIdentifier: {1}ownTypes ownRoot:1
olcAttributeTypes: {0}( ownTypes:1 NAME 'ownId' DESC 'SYNTAX ownRoot:1 stays' SUP uid
  SINGLE-VALUE )
olcAttributeTypes: {1}( ownTypes:2 NAME 'ownNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27{9} )
olcObjectClasses: {0}( ownRoot:2 NAME 'ownPerson' SUP top AUXILIARY MAY ( ownId $ ownNumber ) )
`);
    const subschema = extendSubschema(standardSubschema, definitions);
    assert.equal(subschema.attributeType('ownId')?.oid, '1.3.6.1.4.1.99999.1.1');
    assert.equal(subschema.attributeType('ownId')?.equality, 'caseIgnoreMatch');
    assert.equal(subschema.attributeType('ownNumber')?.length, 9);
    assert.equal(subschema.objectClass('ownPerson')?.oid, '1.3.6.1.4.1.99999.2');
    assert.deepEqual([...subschema.allowed(['ownPerson']).may], ['ownid', 'ownnumber']);
  });

  it('reads subschema entries', () => {
    const definitions = parseSchemaLdif(
      "dn: cn=schema\nattributeTypes: ( 1.1 NAME 'a' )\nobjectClasses: ( 1.2 NAME 'b' )\n",
    );
    assert.deepEqual(definitions, { attributeTypes: ["( 1.1 NAME 'a' )"], objectClasses: ["( 1.2 NAME 'b' )"] });
  });
});
