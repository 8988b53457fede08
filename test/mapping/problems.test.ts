// What compiling a mapping file can find, as people see it: place, code, path, what is wrong, what to do.
import assert from 'node:assert/strict';
import { mappingProblemCodes } from '../../src/mapping/file/problem-codes.ts';
import { personText, problemsOf, scimSubschema } from './compiled.ts';

const group = `
  Group:
    endpoint: /Groups
    schema: urn:ietf:params:scim:schemas:core:2.0:Group
    entry: { base: "ou=groups,dc=example", filter: (objectClass=groupOfNames), objectClasses: [groupOfNames], rdn: cn }
    attributes: { id: entryUUID, displayName: cn }
`;
const rows: readonly (readonly [what: string, text: string, lines: string[]])[] = [
  [
    'unknown schemas',
    personText(['userName: uid'], { extensions: '"urn:nowhere"' }),
    [
      'm.yaml:5:18 error MAP101 resourceTypes.User.extensions.0: no schema urn:nowhere (name a schema of RFC 7643 or define it below "schemas")',
    ],
  ],
  [
    'two types at one endpoint',
    personText(['userName: uid']) + group.replace('/Groups', '/users'),
    [
      'm.yaml:14:5 error MAP102 resourceTypes.Group.endpoint: /users is the endpoint of User too (give each resource type its own)',
    ],
  ],
  [
    'keys that name no attribute',
    personText([
      'nikName: cn',
      'name: cn',
      'emails[type eq "work" or type eq "home"].value: mail',
      'emails[type eq].value: mail',
      'enterprise:manager: manager',
    ]),
    [
      'm.yaml:12:7 error MAP103 resourceTypes.User.attributes.nikName: "nikName" cannot be mapped: User has no attribute \'nikName\'; did you mean "nickName"? (write SCIM attribute paths, such as name.givenName or emails[type eq "work"].value)',
      'm.yaml:13:7 error MAP103 resourceTypes.User.attributes.name: "name" cannot be mapped: it is complex; name its sub-attributes (write SCIM attribute paths, such as name.givenName or emails[type eq "work"].value)',
      'm.yaml:14:7 error MAP103 resourceTypes.User.attributes.emails[type eq "work" or type eq "home"].value: only eq and "and" can be in the brackets of a mapping (write emails[type eq "work"].value)',
      'm.yaml:15:7 error MAP103 resourceTypes.User.attributes.emails[type eq].value: "emails[type eq].value" cannot be mapped: Path, column 15: expected a value such as "text", 42, true or null, found \']\'. (write SCIM attribute paths, such as name.givenName or emails[type eq "work"].value)',
      'm.yaml:16:7 error MAP103 resourceTypes.User.attributes.enterprise:manager: "enterprise:manager" cannot be mapped: User has no attribute \'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager\': its schemas do not include \'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\'; did you mean "urn:ietf:params:scim:schemas:core:2.0:User"? (write SCIM attribute paths, such as name.givenName or emails[type eq "work"].value)',
    ],
  ],
  [
    'no id',
    personText(['userName: uid']).replace(/ +id: .*\n/, ''),
    [
      'm.yaml:10:5 error MAP104 resourceTypes.User.attributes: id is not mapped (name an attribute that never changes, such as id: entryUUID)',
    ],
  ],
  [
    'one LDAP attribute written twice, whatever name it goes by',
    personText([
      'displayName: cn',
      'name.formatted: CN',
      'nickName: commonName',
      'title: { attribute: cn, access: readOnly }',
      'emails[type eq "work"].value: mail',
      'emails[type eq "home"].value: mail',
    ]),
    [
      'm.yaml:13:7 error MAP105 resourceTypes.User.attributes.name.formatted: name.formatted and displayName both write CN (give one of them access: readOnly)',
      'm.yaml:14:7 error MAP105 resourceTypes.User.attributes.nickName: nickName and displayName both write cn (give one of them access: readOnly)',
      'm.yaml:17:7 error MAP105 resourceTypes.User.attributes.emails[type eq "home"].value: emails[type eq "home"].value and emails[type eq "work"].value both write mail (give one of them access: readOnly)',
    ],
  ],
  [
    'a DN and a filter that cannot be read',
    personText(['userName: uid'])
      .replace('ou=people,dc=example', 'people')
      .replace('(objectClass=person)', '(objectClass)'),
    [
      'm.yaml:6:7 error MAP106 resourceTypes.User.entry.base: "=" expected in a DN',
      'm.yaml:7:7 error MAP106 resourceTypes.User.entry.filter: "=", ">=", "<=", "~=" or ":=" expected',
    ],
  ],
  [
    'templates of what is not there',
    personText(['displayName: { attribute: cn, default: "${nik} x" }', 'title: { template: "${name.x}" }']),
    [
      'm.yaml:12:37 error MAP107 resourceTypes.User.attributes.displayName.default: ${nik} is no SCIM attribute of this resource type (placeholders are SCIM attribute paths, such as ${name.givenName})',
      'm.yaml:13:16 error MAP107 resourceTypes.User.attributes.title.template: ${name.x} is no SCIM attribute of this resource type (placeholders are SCIM attribute paths, such as ${name.givenName})',
    ],
  ],
  [
    'a reference with another key beside it',
    personText(['groups: { reference: User, attribute: member }', 'groups.display: cn']),
    [
      'm.yaml:12:7 error MAP108 resourceTypes.User.attributes.groups: groups is a reference and has other keys too (keep one of them)',
    ],
  ],
  [
    'attributes that the directory does not have',
    personText([
      'title: titel',
      'groups: { reference: User, attribute: boss }',
      'password: { write: passwordModify, with: { pwdRest: "TRUE" } }',
    ]),
    [
      `m.yaml:12:7 error MAP110 resourceTypes.User.attributes.title.attribute: the directory's schema has no attribute titel (did you mean "title"?)`,
      "m.yaml:13:34 error MAP110 resourceTypes.User.attributes.groups.attribute: the directory's schema has no attribute boss (load its schema, or map another attribute)",
      `m.yaml:14:50 error MAP110 resourceTypes.User.attributes.password.with.pwdRest: the directory's schema has no attribute pwdRest (did you mean "pwdReset"?)`,
    ],
  ],
  [
    'attributes that only the directory sets',
    personText(['title: entryCSN', 'nickName: { attribute: modifyTimestamp, access: readOnly }']),
    [
      'm.yaml:12:7 error MAP111 resourceTypes.User.attributes.title: entryCSN is set by the directory and cannot be written (add access: readOnly)',
    ],
  ],
  [
    'a transform of another type',
    personText(['title: { attribute: title, transform: boolean }']),
    [
      'm.yaml:12:34 error MAP112 resourceTypes.User.attributes.title.transform: boolean makes boolean, and title is string (for string use string)',
    ],
  ],
  [
    'values of another type',
    personText([
      'active: { attribute: title, values: { yes: y } }',
      'userType: { attribute: employeeType, values: { a: x }, otherwise: 5 }',
    ]),
    [
      'm.yaml:12:35 error MAP114 resourceTypes.User.attributes.active.values: "yes" must be true or false',
      'm.yaml:13:44 error MAP114 resourceTypes.User.attributes.userType.values: "otherwise" must be a string',
    ],
  ],
  [
    'classes that the directory does not have',
    personText(['userName: uid']).replace('[top, person]', '[top, persn]'),
    [
      `m.yaml:8:28 error MAP115 resourceTypes.User.entry.objectClasses.1: the directory's schema has no object class persn (did you mean "person"?)`,
    ],
  ],
  [
    'a delete that disables where nobody can be disabled',
    personText(['title: title'], { type: '    delete: disable' }),
    [
      'm.yaml:10:5 error MAP120 resourceTypes.User.delete: "disable" needs an "active" that can be written false (map it to what keeps the owner of an entry from logging in)',
    ],
  ],
  ...['constant: true', 'attribute: title, access: readOnly', 'attribute: title, values: { "true": x }'].map(
    (active): (typeof rows)[number] => [
      `a delete that disables by { ${active} }`,
      personText([`active: { ${active} }`], { type: '    delete: disable' }),
      [
        'm.yaml:10:5 error MAP120 resourceTypes.User.delete: "disable" needs an "active" that can be written false (map it to what keeps the owner of an entry from logging in)',
      ],
    ],
  ),
  [
    'a container that is still in the base',
    personText([], { type: '    delete: { policy: move, container: "ou=left,ou=people,dc=example" }' }),
    [
      'm.yaml:10:29 error MAP120 resourceTypes.User.delete.container: what is moved there is still found below a base (choose a container beside the base, or name it in "exclude" of the entry block)',
    ],
  ],
  [
    'a container that is no DN',
    personText([], { type: '    delete: { policy: move, container: left }' }),
    ['m.yaml:10:29 error MAP106 resourceTypes.User.delete.container: "=" expected in a DN'],
  ],
  [
    'no problem: a container below a base of one level',
    personText([], {
      entry: '      scope: one',
      type: '    delete: { policy: move, container: "ou=left,ou=people,dc=example" }',
    }),
    [],
  ],
  [
    'no problem: a container below the base that is excluded from the type',
    personText([], {
      entry: '      exclude: "ou=left,ou=people,dc=example"',
      type: '    delete: { policy: move, container: "ou=left,ou=people,dc=example" }',
    }),
    [],
  ],
  [
    'an exclusion that is no DN',
    personText([], { entry: '      exclude: [left]' }),
    ['m.yaml:10:17 error MAP106 resourceTypes.User.entry.exclude.0: "=" expected in a DN'],
  ],
  ...(
    [
      [
        'dc=example',
        'nothing of the base ou=people,dc=example is left without dc=example (take the base out, or the exclusion)',
      ],
      [
        'OU=People, dc=example',
        'nothing of the base ou=people,dc=example is left without OU=People, dc=example (take the base out, or the exclusion)',
      ],
      [
        'ou=else,dc=example',
        'ou=else,dc=example is below no base, so nothing of it is found anyway (take it out, or correct it)',
      ],
    ] as const
  ).map(([exclude, message]): (typeof rows)[number] => [
    `an exclusion of ${exclude}`,
    personText([], { entry: `      exclude: ["ou=left,ou=people,dc=example", "${exclude}"]` }),
    [`m.yaml:10:49 error MAP122 resourceTypes.User.entry.exclude.1: ${message}`],
  ]),
  [
    'an exclusion below what a scope of one level finds',
    personText([], { entry: '      scope: one\n      exclude: "ou=b,ou=left,ou=people,dc=example"' }),
    [
      'm.yaml:11:7 error MAP122 resourceTypes.User.entry.exclude: ou=b,ou=left,ou=people,dc=example is below no base, so nothing of it is found anyway (take it out, or correct it)',
    ],
  ],
  [
    'a place for new entries in what is excluded',
    personText([], {
      entry: '      createBase: ou=left,ou=people,dc=example\n      exclude: "ou=left,ou=people,dc=example"',
    }),
    [
      'm.yaml:10:7 error MAP121 resourceTypes.User.entry.createBase: nothing that is put there is found below a base (add it to "base", or choose a place below one)',
    ],
  ],
  [
    'a place for new entries where nobody looks',
    personText([], { entry: '      createBase: ou=new,dc=example' }),
    [
      'm.yaml:10:7 error MAP121 resourceTypes.User.entry.createBase: nothing that is put there is found below a base (add it to "base", or choose a place below one)',
    ],
  ],
  [
    'places that are none, or two for one value',
    personText(['title: title'], {
      entry:
        '      placement: { by: title, places: { a: x, b: "ou=b,dc=example", c: "ou=people,dc=example", C: "ou=c,ou=people,dc=example" } }',
    }),
    [
      'm.yaml:10:41 error MAP106 resourceTypes.User.entry.placement.places.a: "=" expected in a DN',
      'm.yaml:10:47 error MAP121 resourceTypes.User.entry.placement.places.b: nothing that is put there is found below a base (add it to "base", or choose a place below one)',
      'm.yaml:10:96 error MAP121 resourceTypes.User.entry.placement.places.C: "C" has two places (title is the same in any letter case)',
    ],
  ],
  ...(
    [
      ['nikName', 'is not mapped'],
      ['roles', 'may have several values'],
      ['name', 'is complex'],
      ['locale', 'is written by nobody'],
      ['nickName', 'is written by nobody'],
    ] as const
  ).map(([by, why]): (typeof rows)[number] => [
    `a placement by ${by}`,
    personText(
      [
        'roles.value: ou',
        'name.givenName: givenName',
        'locale: { constant: en }',
        'nickName: { attribute: l, access: readOnly }',
      ],
      { entry: `      placement: { by: ${by}, places: { a: "ou=people,dc=example" } }` },
    ),
    [
      `m.yaml:10:20 error MAP121 resourceTypes.User.entry.placement.by: ${by} ${why} (name an attribute of one value that is written)`,
    ],
  ]),
  [
    'no problem: placement by a part of a complex attribute',
    personText(['name.givenName: givenName'], {
      entry: '      placement: { by: name.givenName, places: { a: "ou=people,dc=example" } }',
    }),
    [],
  ],
  [
    'schemas that RFC 7643 does not allow',
    personText(['userName: uid'], {
      schemas: '  urn:x: { attributes: [{ name: a, type: complex }] }',
      extensions: 'urn:x',
    }),
    ['m.yaml:2:25 error MAP116 schemas.urn:x.attributes.0.subAttributes: a complex attribute needs sub-attributes'],
  ],
];

/** The same over a connection without TLS. */
const plaintextRows: readonly [what: string, text: string, lines: readonly string[]][] = [
  [
    'a password of Active Directory without TLS',
    personText(['password: { attribute: userPassword, write: quotedUtf16 }']),
    [
      'm.yaml:12:44 error MAP117 resourceTypes.User.attributes.password.write: the directory takes such a password over TLS alone, and the connection to it has none (use ldaps:// or tls.startTls in the gateway file, or take the password out of the mapping)',
    ],
  ],
];

describe('compileMapping', () => {
  for (const [what, text, lines] of plaintextRows) {
    it(what, async () => {
      assert.deepEqual(await problemsOf(text), []);
      assert.deepEqual(await problemsOf(text, scimSubschema, { plaintext: true }), lines);
    });
  }
  for (const [what, text, lines] of rows) {
    it(what, async () => assert.deepEqual(await problemsOf(text), lines));
  }

  it('every code is in the catalogue, and all of them are shown here', () => {
    const shown = new Set(
      [...rows, ...plaintextRows].flatMap(([, , lines]) => lines.map((line) => /MAP\d+/.exec(line)?.[0])),
    );
    const listed = mappingProblemCodes.map(({ code }) => code).filter((code) => code >= 'MAP100');
    // MAP113 is for transforms that lose something; there is none yet.
    assert.deepEqual([...shown, 'MAP113'].sort(), listed);
  });
});
