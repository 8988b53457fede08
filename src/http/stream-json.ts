// A long body as a stream: a piece is printed when the socket has taken the ones before, so that a slow reader makes
// nothing grow, and between two pieces everybody else has a turn.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../scim/json.ts';
import { printJson } from '../scim/print-json.ts';

/**
 * The whole text where it is short, otherwise a stream. The first two pieces are made at once: what goes wrong in them is
 * still an error of its own.
 */
export function streamJson(body: JsonObject): string | Readable {
  const pieces = printJson(body);
  const begun: string[] = [];
  for (const piece of [pieces.next(), pieces.next()]) if (piece.done !== true) begun.push(piece.value);
  if (begun.length < 2) return begun.join('');
  return Readable.from(paced(begun, pieces), { objectMode: false, highWaterMark: 1 });
}

async function* paced(begun: readonly string[], rest: Generator<string, undefined>): AsyncGenerator<string> {
  yield* begun;
  for (const piece of rest) {
    await setImmediate();
    yield piece;
  }
}
