// Shows what becomes of a request, of an entry, of a filter.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { explainEntry } from '../../explain/explain-entry.ts';
import { explainFilterText } from '../../explain/explain-filter.ts';
import { explainRequest } from '../../explain/explain-request.ts';
import {
  entryExplanationToJson,
  printEntryExplanation,
  printFilterExplanation,
  printRequestExplanation,
  requestToJson,
} from '../../explain/print-explanation.ts';
import type { CompiledMapping, ResourceMapping } from '../../mapping/mapping.ts';
import { ScimError } from '../../scim/error.ts';
import { StartError } from '../../tenant/start-error.ts';
import { didYouMean } from '../../util/did-you-mean.ts';
import { type Call, type Command, choiceOption, type Output, UsageError } from '../command.ts';
import { openSubject, type Subject, subjectOptions } from '../open-subject.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export const explain: Command = {
  name: 'explain',
  summary: 'show the LDAP operations that a request becomes, or the resource that an entry becomes',
  words: [
    { name: 'METHOD', summary: 'of a SCIM request', values: methods },
    { name: 'PATH', summary: 'of the request, such as "/Users?filter=userName eq \\"bjensen\\""' },
  ],
  options: [
    { name: 'body', value: 'FILE', summary: 'the body of the request, in JSON; - for standard input' },
    { name: 'filter', value: 'TEXT', summary: 'instead of a request: a SCIM filter' },
    { name: 'type', value: 'NAME', summary: 'the resource type of --filter (default all that have the attributes)' },
    { name: 'entry', value: 'DN', summary: 'instead of a request: an entry, by its DN or its SCIM id' },
    ...subjectOptions,
    { name: 'format', value: 'NAME', summary: 'pretty or json (default pretty)' },
  ],
  notes: [
    'Examples:',
    '  scim-ldap explain GET \'/Users?filter=userName eq "bjensen"\'',
    '  scim-ldap explain PATCH /Groups/ID --body patch.json --live',
    '  scim-ldap explain --entry uid=bjensen,ou=people,dc=example,dc=com --live',
    '  scim-ldap explain --filter \'emails.value ew "@example.com"\' --mapping acme.yaml',
    '',
    'Exit codes: 0 explained, 1 a file, the directory or the request is wrong, 2 called the wrong way.',
  ].join('\n'),
  async run(call, output) {
    const format = choiceOption(call, 'format', ['pretty', 'json']);
    const asked = readQuestion(call);
    const opened = await openSubject(call);
    try {
      return await answer(asked, opened, call, format === 'json', output);
    } finally {
      await opened.close();
    }
  },
};

type Question =
  | { readonly kind: 'request'; readonly method: string; readonly target: string }
  | { readonly kind: 'filter'; readonly filter: string }
  | { readonly kind: 'entry'; readonly name: string };

function readQuestion(call: Call): Question {
  const [method, target] = call.words;
  const [filter, entry] = [call.values.get('filter'), call.values.get('entry')];
  const asked = [method, filter, entry].filter((each) => each !== undefined).length;
  if (asked !== 1) throw new UsageError('explain takes a request (METHOD PATH), --filter or --entry');
  if (filter !== undefined) return { kind: 'filter', filter };
  if (entry !== undefined) return { kind: 'entry', name: entry };
  if (target === undefined) throw new UsageError(`${method} needs a path, such as /Users`);
  return { kind: 'request', method: method ?? '', target };
}

async function answer(
  asked: Question,
  { subject, source }: Subject,
  call: Call,
  json: boolean,
  output: Output,
): Promise<number> {
  switch (asked.kind) {
    case 'request': {
      const explained = await explainRequest({ ...asked, body: await readBody(call) }, subject);
      output.print(json ? JSON.stringify(requestToJson(explained), null, 2) : printRequestExplanation(explained));
      return explained.answer.status < 400 ? 0 : 1;
    }
    case 'entry': {
      if (subject.live === undefined && subject.entries === undefined)
        throw new UsageError('--entry needs --live, or the entries of a file by --ldif FILE');
      const explained = await explainEntry(asked.name, subject, source);
      if (explained.kind === 'none') {
        if (json) output.print(JSON.stringify(explained, null, 2));
        else output.say(explained.reason);
        return 1;
      }
      output.print(
        json ? JSON.stringify(entryExplanationToJson(explained), null, 2) : printEntryExplanation(explained),
      );
      return 0;
    }
    case 'filter': {
      const explained = explainFilters(asked.filter, subject.mapping, call.values.get('type'));
      output.print(
        json ? JSON.stringify(explained, null, 2) : explained.map((each) => printFilterExplanation(each)).join('\n\n'),
      );
      return 0;
    }
  }
}

/** For each type that has what the filter names; the reason of the first where none has. */
function explainFilters(filter: string, compiled: CompiledMapping, typeName: string | undefined) {
  const types = compiled.resourceTypes.filter(({ type }) => typeName === undefined || isNamed(type.name, typeName));
  if (typeName !== undefined && types.length === 0) {
    const names = compiled.resourceTypes.map(({ type }) => type.name);
    throw new UsageError(
      `there is no resource type "${typeName}"; ${didYouMean(typeName, names) ?? `one of ${names.join(', ')}`}`,
    );
  }
  const outcomes = types.map((mapping) => tryFilter(filter, mapping, compiled));
  const explained = outcomes.flatMap((outcome) => (outcome instanceof ScimError ? [] : [outcome]));
  const [refusal] = outcomes.filter((outcome) => outcome instanceof ScimError);
  if (explained.length === 0) throw new StartError(refusal?.detail ?? 'The mapping has no resource type.');
  return explained;
}

function tryFilter(filter: string, mapping: ResourceMapping, compiled: CompiledMapping) {
  try {
    return explainFilterText(filter, mapping, compiled);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}

async function readBody(call: Call): Promise<unknown> {
  const file = call.values.get('body');
  if (file === undefined) return undefined;
  const shown = file === '-' ? 'standard input' : file;
  let content: string;
  try {
    content = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`${shown} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new StartError(`${shown} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
