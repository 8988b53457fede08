// Objections of scim2-tester that stay, each with the clause that allows what the gateway does.

/** What scim2-tester objects to. */
export interface Objection {
  /** Check, resource type and attribute. */
  readonly title: string;
  readonly reason: string;
  /** Of a value that came back unlike what was sent: the parts that differ. */
  readonly differences: readonly string[];
}

interface Explanation {
  readonly title: RegExp;
  /** An objection to anything else remains one. */
  readonly about: { readonly difference: string } | { readonly reason: RegExp };
  readonly text: string;
}

const managerNamed =
  'The manager comes back with `displayName`, which is readOnly and given by the server (RFC 7643 s4.3). The judge compares whole objects, readOnly parts included.';

const explanations: readonly Explanation[] = [
  {
    title: /^check_(?:add|replace)_attribute User (?:emails|phoneNumbers|ims|photos|addresses)$/,
    about: { difference: 'primary' },
    text: 'A value sent with `primary: false` is shown without `primary`, which means the same (RFC 7643 s2.4).',
  },
  {
    title: /^check_(?:add|replace)_attribute User urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User:manager$/,
    about: { difference: 'display_name' },
    text: managerNamed,
  },
  {
    title: /^check_(?:add|replace)_attribute User urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User$/,
    about: { difference: 'manager.display_name' },
    text: managerNamed,
  },
  {
    title: /^check_(?:add|replace)_attribute Group members$/,
    about: { difference: 'display' },
    text: 'Members come back with `display`, which the schema served says is readOnly and which the server gives (RFC 7643 s2.4, s7). The judge compares whole objects, readOnly parts included.',
  },
  {
    title: /^check_remove_attribute User name$/,
    about: { reason: /did not remove/ },
    text: 'The object class person demands `sn` and `cn`, so the directory cannot be without them: removed names come back as the default that the mapping gives. A server may supply defaults (RFC 7644 s3.5.1, s3.3).',
  },
  {
    title: /^check_remove_attribute User active$/,
    about: { reason: /always has a value/ },
    text: 'An account is either locked or not. Removing what always has a value is refused with `mutability`, as the removal of a required attribute is (RFC 7644 s3.5.2.2).',
  },
];

/** Undefined where an objection is none that is known. */
export function explain(objection: Objection): string | undefined {
  return explanations.find(({ title, about }) => title.test(objection.title) && isAbout(objection, about))?.text;
}

function isAbout({ reason, differences }: Objection, about: Explanation['about']): boolean {
  if ('reason' in about) return about.reason.test(reason);
  return differences.length > 0 && differences.every((difference) => difference === about.difference);
}
