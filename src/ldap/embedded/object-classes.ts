import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import type { AttributeType, ObjectClass, Subschema } from '../subschema/subschema.ts';

/** What the object classes of an entry come to. */
export interface ClassRules {
  /** First name of the structural class. */
  readonly structural: string;
  readonly must: readonly { readonly attribute: string; readonly name: string; readonly objectClass: string }[];
  allows(type: AttributeType): boolean;
}

export interface ObjectClasses {
  /** The rules for an entry with these classes. Throws `LdapError` 65 where they do not go together (RFC 4512 s2.4). */
  rules(classes: readonly Buffer[]): ClassRules;
  /** Keys (first names in lower case) of the class and of all classes below it. */
  subclasses(objectClass: string): readonly string[];
  /** Keys of the class and of all classes above it. */
  superclasses(objectClass: string): readonly string[];
}

const nameOf = (each: AttributeType | ObjectClass) => each.names[0] ?? each.oid;
const keyOf = (each: AttributeType | ObjectClass) => nameOf(each).toLowerCase();

export function createObjectClasses(subschema: Subschema): ObjectClasses {
  const rules = new Map<string, ClassRules>();
  const above = new Map<string, readonly string[]>();
  const below = new Map<string, readonly string[]>();

  function superclasses(name: string): readonly string[] {
    const objectClass = subschema.objectClass(name);
    if (objectClass === undefined) return [name.toLowerCase()];
    const key = keyOf(objectClass);
    const found = above.get(key) ?? [...new Set([key, ...objectClass.superiors.flatMap(superclasses)])];
    above.set(key, found);
    return found;
  }

  function subclasses(name: string): readonly string[] {
    const objectClass = subschema.objectClass(name);
    if (objectClass === undefined) return [name.toLowerCase()];
    const key = keyOf(objectClass);
    const found =
      below.get(key) ?? subschema.objectClasses.map(keyOf).filter((each) => superclasses(each).includes(key));
    below.set(key, found);
    return found;
  }

  return {
    superclasses,
    subclasses,
    rules(classes) {
      if (classes.length === 0) throw violation('no objectClass attribute');
      const names = classes.map((each) => each.toString('utf8'));
      const key = names.join(' ').toLowerCase();
      const found = rules.get(key) ?? compileRules(subschema, names, superclasses);
      rules.set(key, found);
      return found;
    },
  };
}

type Superclasses = (name: string) => readonly string[];

function compileRules(subschema: Subschema, names: readonly string[], superclasses: Superclasses): ClassRules {
  const classes = names.map((name) => {
    const found = subschema.objectClass(name);
    if (found === undefined) throw violation(`unrecognized objectClass '${name}'`);
    return found;
  });
  const structural = structuralOf(classes, superclasses);
  const keys = new Set(names.flatMap(superclasses));
  const { must, may } = subschema.allowed(names);
  // RFC 4512 s4.3: it allows every user attribute.
  const extensible = keys.has('extensibleobject');
  return {
    structural: nameOf(structural),
    must: Array.from(must, (attribute) => {
      const type = subschema.attributeType(attribute);
      return {
        attribute,
        name: type === undefined ? attribute : nameOf(type),
        objectClass: nameOf(demanding(subschema, attribute, classes, superclasses) ?? structural),
      };
    }),
    allows: (type) => extensible || type.usage !== 'userApplications' || must.has(keyOf(type)) || may.has(keyOf(type)),
  };
}

/** The class of the entry that asks for the attribute, itself or through a superior: the one that OpenLDAP names. */
function demanding(
  subschema: Subschema,
  attribute: string,
  classes: readonly ObjectClass[],
  superclasses: Superclasses,
): ObjectClass | undefined {
  return classes.find((each) => subschema.allowed(superclasses(keyOf(each))).must.has(attribute));
}

/** The one structural class that all the others are superiors of (RFC 4512 s2.4.2). */
function structuralOf(classes: readonly ObjectClass[], superclasses: Superclasses): ObjectClass {
  const isAbove = (upper: ObjectClass, lower: ObjectClass) => superclasses(keyOf(lower)).includes(keyOf(upper));
  let lowest: ObjectClass | undefined;
  for (const each of classes) {
    if (each.kind !== 'structural') continue;
    if (lowest === undefined || isAbove(lowest, each)) lowest = each;
    else if (!isAbove(each, lowest))
      throw violation(`invalid structural object class chain (${nameOf(lowest)}/${nameOf(each)})`);
  }
  if (lowest === undefined) throw violation('no structural object class provided');
  const lonely = classes.find(
    (each) => each.kind === 'abstract' && !classes.some((other) => other !== each && isAbove(each, other)),
  );
  if (lonely !== undefined) throw violation(`instantiation of abstract objectClass '${nameOf(lonely)}' not allowed`);
  return lowest;
}

function violation(text: string): LdapError {
  return new LdapError(resultCode.objectClassViolation, text);
}
