// Explanations as a person reads them, and as JSON for programs.
import { isJsonObject, type JsonObject } from '../scim/json.ts';
import type { AttributeExplanation, EntryExplanation } from './explain-entry.ts';
import type { FilterExplanation, TermExplanation } from './explain-filter.ts';
import type { ExplainedOperation, RequestExplanation } from './explain-request.ts';
import { entryToJson, operationToJson } from './operation-json.ts';
import { printOperation } from './print-operation.ts';

export function printRequestExplanation(explanation: RequestExplanation): string {
  const { method, target, resourceTypes, filters, operations, lookUps, answer, source } = explanation;
  const types = [...new Set(resourceTypes)].join(', ');
  const blocks = [`${method} ${target}${types === '' ? '' : `  (${types})`}`, ...filters.map(printFilterExplanation)];
  blocks.push(
    operations.length === 0
      ? 'No LDAP operation: it is answered without the directory.'
      : [
          'LDAP operations, in this order:',
          ...operations.map((operation, index) => printStep(operation, index + 1, source)),
        ].join('\n\n'),
  );
  if (lookUps.length > 0) {
    blocks.push(['To show the answer is looked up, too:', ...lookUps.map((text) => `  - ${text}`)].join('\n'));
  }
  blocks.push(printAnswer(answer, source), remarks[source]);
  return blocks.join('\n\n');
}

const remarks: Readonly<Record<RequestExplanation['source'], string>> = {
  invented: [
    'Nothing was asked: entries, names and ids are invented, and hold nothing but what makes them what they are. The schema',
    'is that of the standards; by an attribute that it lacks is searched more widely than the directory would be. --live',
    'asks the directory instead, --ldif FILE takes entries from a file.',
  ].join('\n'),
  given: 'Nothing was asked: the entries are those of the file, the schema is that of the standards.',
  live: 'The directory was read. Nothing was written: writes are shown as they would be sent, and taken to succeed.',
};

export function printFilterExplanation(explanation: FilterExplanation): string {
  const { resourceType, scim, searched, exact, upper, lower, terms } = explanation;
  const never = upper === '(|)';
  const verdict = never
    ? ['nothing can match, so the directory is not asked']
    : exact
      ? ['exact: the directory answers it alone']
      : [
          'not exact: the directory finds at least what matches, and the gateway evaluates the SCIM filter over what comes',
          `for certain match   ${lower === '(|)' ? 'none' : lower === '(&)' ? 'all' : lower}`,
        ];
  return [
    `Filter on ${resourceType}: ${scim}`,
    ...(never ? [] : [`  searched by   ${searched}`]),
    ...verdict.map((line) => `  ${line}`),
    ...printTerms(terms),
  ].join('\n');
}

function printTerms(terms: readonly TermExplanation[]): readonly string[] {
  const width = Math.max(0, ...terms.map(({ scim }) => scim.length));
  return terms.map(
    ({ scim, upper, exact }) => `    ${scim.padEnd(width)}  ${exact ? 'exact    ' : 'not exact'}  ${upper}`,
  );
}

function printStep(operation: ExplainedOperation, number: number, source: RequestExplanation['source']): string {
  const lines = printOperation(operation.sent).split('\n');
  const shown = lines.map((line, index) => `${index === 0 ? `${number}.`.padEnd(4) : '    '}${line}`);
  const outcome = source === 'live' ? describeOutcome(operation) : undefined;
  return [...shown, ...(outcome === undefined ? [] : [`    -> ${outcome}`])].join('\n');
}

function describeOutcome({ sent, writes, entries, holds, refusal, milliseconds }: ExplainedOperation): string {
  const time = milliseconds === undefined ? '' : `, ${milliseconds.toFixed(1)} ms`;
  if (writes) return 'not sent';
  if (refusal !== undefined) return `${refusal}${time}`;
  if (sent.operation === 'compare') return `${holds === true ? 'it is there' : 'it is not there'}${time}`;
  const first = entries[0] === undefined ? '' : `: ${entries[0].dn}${entries.length > 1 ? ', ...' : ''}`;
  return `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}${time}${first}`;
}

function printAnswer(answer: RequestExplanation['answer'], source: RequestExplanation['source']): string {
  const { status, scimType, detail, body } = answer;
  const kind = scimType === undefined ? '' : ` ${scimType}`;
  const line = `Answer: ${status}${kind}${detail === undefined ? '' : `  ${detail}`}`;
  // Of invented entries nothing is known that would be worth reading.
  return body === undefined || source === 'invented' ? line : `${line}\n${JSON.stringify(body, null, 2)}`;
}

export function printEntryExplanation(explanation: EntryExplanation): string {
  const { dn, resourceType, id, attributes, resource } = explanation;
  const rows = attributes.map((each) => ({
    left: each.key,
    middle: describeOrigin(each),
    right: each.value === undefined ? '-' : JSON.stringify(each.value),
    place: `${each.place.file}:${each.place.line}`,
  }));
  const width = Math.min(48, Math.max(...rows.map(({ left }) => left.length)));
  return [
    `${dn}\nis the ${resourceType} ${id}`,
    rows
      .map(({ left, middle, right, place }) => `${left.padEnd(width)}  ${right}\n${' '.repeat(4)}${middle}  (${place})`)
      .join('\n'),
    JSON.stringify(resource, null, 2),
  ].join('\n\n');
}

function describeOrigin({ from, ldapAttribute, ldapValues }: AttributeExplanation): string {
  if (ldapAttribute === undefined) return from ?? '';
  if (from !== undefined) return `${ldapAttribute}: ${from}`;
  if (ldapValues.length === 0) return `${ldapAttribute}: no value`;
  return ldapValues.length <= 3
    ? `${ldapAttribute}: ${ldapValues.map(shorten).join(' | ')}`
    : `${ldapAttribute}: ${ldapValues.slice(0, 3).map(shorten).join(' | ')} | ... (${ldapValues.length} values)`;
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

export function requestToJson(explanation: RequestExplanation): JsonObject {
  const { operations, filters, ...rest } = explanation;
  return plain({ ...rest, filters, operations: operations.map((each) => stepToJson(each, explanation.source)) });
}

export function entryExplanationToJson(explanation: EntryExplanation): JsonObject {
  const { operations, ...rest } = explanation;
  return plain({ ...rest, operations: operations.map((each) => stepToJson(each, 'live')) });
}

function stepToJson(operation: ExplainedOperation, source: RequestExplanation['source']): JsonObject {
  const { sent, writes, entries, holds, refusal, milliseconds } = operation;
  const head = { ...operationToJson(sent), writes };
  if (source !== 'live' || writes) return head;
  return {
    ...head,
    ...(milliseconds === undefined ? {} : { milliseconds: Math.round(milliseconds * 10) / 10 }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(holds === undefined ? {} : { holds }),
    ...(sent.operation === 'search' ? { entries: entries.map(entryToJson) } : {}),
  };
}

/** As it goes through JSON: members without a value are gone. */
function plain(value: object): JsonObject {
  const parsed: unknown = JSON.parse(JSON.stringify(value));
  return isJsonObject(parsed) ? parsed : {};
}
