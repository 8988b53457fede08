// Asks an issuer. Whatever it answers is bounded in time and size; a redirect is not followed, since it would send
// secrets where the operator did not say.
import { isJsonObject, type JsonObject } from '../scim/json.ts';

const timeoutMilliseconds = 5000;
const mostBytes = 1_048_576;

export interface Question {
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** A JSON object. Rejects with an `Error` whose text is for the operator. */
export async function fetchJson(url: string, question: Question = {}): Promise<JsonObject> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const headers = { Accept: 'application/json', ...question.headers };
  try {
    const response = await fetch(url, { ...question, headers, signal, redirect: 'error' });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the answer has status ${response.status}`);
    }
    const value: unknown = JSON.parse(await readText(response));
    if (isJsonObject(value)) return value;
    throw new Error('the answer is no JSON object');
  } catch (error) {
    throw new Error(`${url}: ${reasonOf(error)}`, { cause: error });
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  if (body === undefined) return '';
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` says nothing; its cause does. A parser's text quotes the answer, which may hold anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SyntaxError) return 'the answer is no JSON';
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
