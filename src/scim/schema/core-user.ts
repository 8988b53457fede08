// The User schema of RFC 7643 s4.1 and s8.7.1 with its verified errata, in own words.
import { urns } from '../urns.ts';
import { type AttributeShorthand, defineSchema } from './define-attribute.ts';
import type { Schema } from './schema.ts';

const display: AttributeShorthand = { name: 'display', description: 'Name to show for the value.' };
const primary: AttributeShorthand = {
  name: 'primary',
  type: 'boolean',
  description: 'Whether this is the preferred value. At most one value is.',
};

function label(what: string, ...canonicalValues: readonly string[]): AttributeShorthand {
  return { name: 'type', canonicalValues, description: `Kind of ${what}.` };
}

export const coreUser: Schema = defineSchema(urns.user, 'User', 'A person with an account.', [
  {
    name: 'userName',
    required: true,
    uniqueness: 'server',
    description: 'Name the person signs in with, unique among all users. Letter case does not matter.',
  },
  {
    name: 'name',
    description: 'Parts of the real name.',
    subAttributes: [
      { name: 'formatted', description: 'Full name, ready to be shown.' },
      { name: 'familyName', description: 'Family name, or last name in most Western languages.' },
      { name: 'givenName', description: 'Given name, or first name in most Western languages.' },
      { name: 'middleName', description: 'Middle names.' },
      { name: 'honorificPrefix', description: 'Title before the name, such as Ms.' },
      { name: 'honorificSuffix', description: 'Suffix after the name, such as III.' },
    ],
  },
  { name: 'displayName', description: 'Name to show for the user.' },
  { name: 'nickName', description: 'Casual name.' },
  {
    name: 'profileUrl',
    type: 'reference',
    referenceTypes: ['external'],
    description: 'Page that shows the profile of the user.',
  },
  { name: 'title', description: 'Job title.' },
  { name: 'userType', description: 'Relation to the organisation, such as Employee or Contractor.' },
  { name: 'preferredLanguage', description: 'Preferred languages in the form of an Accept-Language header.' },
  { name: 'locale', description: 'Default place for formats of dates, numbers and currency, such as en-US.' },
  { name: 'timezone', description: 'Time zone by its name in the IANA database, such as Europe/Vienna.' },
  { name: 'active', type: 'boolean', description: 'Whether the account may be used.' },
  { name: 'password', mutability: 'writeOnly', returned: 'never', description: 'New password in clear text.' },
  {
    name: 'emails',
    multiValued: true,
    description: 'E-mail addresses.',
    subAttributes: [
      { name: 'value', description: 'The address.' },
      display,
      label('address', 'work', 'home', 'other'),
      primary,
    ],
  },
  {
    name: 'phoneNumbers',
    multiValued: true,
    description: 'Telephone numbers.',
    subAttributes: [
      { name: 'value', description: 'The number.' },
      display,
      label('number', 'work', 'home', 'mobile', 'fax', 'pager', 'other'),
      primary,
    ],
  },
  {
    name: 'ims',
    multiValued: true,
    description: 'Instant messaging addresses.',
    subAttributes: [
      { name: 'value', description: 'The address.' },
      display,
      label('service', 'aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'),
      primary,
    ],
  },
  {
    name: 'photos',
    multiValued: true,
    description: 'Pictures of the user.',
    subAttributes: [
      { name: 'value', type: 'reference', referenceTypes: ['external'], description: 'URL of the picture.' },
      display,
      label('picture', 'photo', 'thumbnail'),
      primary,
    ],
  },
  {
    name: 'addresses',
    multiValued: true,
    description: 'Postal addresses.',
    subAttributes: [
      { name: 'formatted', description: 'The whole address as written on an envelope.' },
      { name: 'streetAddress', description: 'Street with house number.' },
      { name: 'locality', description: 'City or town.' },
      { name: 'region', description: 'State or region.' },
      { name: 'postalCode', description: 'Postal code.' },
      { name: 'country', description: 'Country as a two-letter code of ISO 3166-1.' },
      label('address', 'work', 'home', 'other'),
      // s8.7.1 leaves it out, yet s2.4 gives it to every multi-valued attribute and the examples use it.
      primary,
    ],
  },
  {
    name: 'groups',
    multiValued: true,
    mutability: 'readOnly',
    description: 'Groups the user belongs to. They are changed through the groups themselves.',
    subAttributes: [
      { name: 'value', description: 'Identifier of the group.' },
      { name: '$ref', type: 'reference', referenceTypes: ['Group'], description: 'URI of the group.' },
      { name: 'display', description: 'Name of the group.' },
      {
        name: 'type',
        canonicalValues: ['direct', 'indirect'],
        description: 'Member itself, or through another group.',
      },
    ],
  },
  {
    name: 'entitlements',
    multiValued: true,
    description: 'Things the user may have or do.',
    subAttributes: [{ name: 'value', description: 'The entitlement.' }, display, label('entitlement'), primary],
  },
  {
    name: 'roles',
    multiValued: true,
    description: 'Roles of the user.',
    subAttributes: [{ name: 'value', description: 'The role.' }, display, label('role'), primary],
  },
  {
    name: 'x509Certificates',
    multiValued: true,
    description: 'Certificates of the user.',
    subAttributes: [
      { name: 'value', type: 'binary', description: 'DER of the certificate in base64.' },
      display,
      label('certificate'),
      primary,
    ],
  },
]);
