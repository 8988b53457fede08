// Templates of a mapping file, with a problem where one names what the resource type does not have.
import { findAttributePath } from '../scim/filter/attribute-path.ts';
import { findAttribute } from '../scim/schema/find-attribute.ts';
import type { ResourceType } from '../scim/schema/schema.ts';
import { urns } from '../scim/urns.ts';
import type { CompileScope } from './compile-scope.ts';
import { compileTemplate, type Template } from './template.ts';

export function compileTemplateAt(
  text: string,
  path: readonly string[],
  type: ResourceType,
  scope: CompileScope,
): Template | undefined {
  try {
    return compileTemplate(text, (name) => {
      const parsed = findAttributePath(name.replace(/^enterprise:/, `${urns.enterpriseUser}:`));
      return parsed === undefined ? undefined : findAttribute(type, parsed);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.report('MAP107', path, message, `placeholders are SCIM attribute paths, such as \${name.givenName}`);
    return undefined;
  }
}
