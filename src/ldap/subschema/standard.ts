// The schema of the standards: what the embedded directory knows from the start, and what stands in for a directory's
// own subschema where there is none to ask.
import { parseSubschema, type SchemaDefinitions } from './parse-subschema.ts';
import { standardAttributeTypes } from './standard-attribute-types.ts';
import { standardObjectClasses } from './standard-object-classes.ts';
import type { Subschema } from './subschema.ts';

export const standardDefinitions: SchemaDefinitions = {
  attributeTypes: standardAttributeTypes,
  objectClasses: standardObjectClasses,
};

export const standardSubschema: Subschema = parseSubschema(standardDefinitions, {
  onUnreadable: (_, error) => {
    throw error;
  },
});
