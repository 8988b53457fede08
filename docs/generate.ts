// Fills the generated regions of the documents: what stands in them comes from the schemas, the catalogues and the code
// itself, and a test holds them against it.
//
//   npm run docs
import { readFileSync, writeFileSync } from 'node:fs';
import { printConstructs, printContents } from './generate/constructs.ts';
import { printFilterTable } from './generate/filters.ts';
import { printKeys, readKeySchema } from './generate/keys.ts';
import { printLicences } from './generate/licences.ts';
import { printMetrics, printProcessMetrics } from './generate/metrics.ts';
import { printClientProfiles, printProfileNames } from './generate/profiles.ts';
import { fillRegions, type Region } from './generate/regions.ts';
import { printMemberRequest, printPageRequest, printRenameRequest, printSearchRequest } from './generate/requests.ts';
import {
  printDialects,
  printDirectoryProblems,
  printFeatures,
  printGatewayProblems,
  printMappingProblems,
  printResultCodes,
  printRooms,
  printTransforms,
} from './generate/tables.ts';

export const regions: ReadonlyMap<string, Region> = new Map<string, Region>([
  ['rooms', printRooms],
  ['request-search', printSearchRequest],
  ['request-member', printMemberRequest],
  ['request-rename', printRenameRequest],
  ['request-page', printPageRequest],
  ['filters', printFilterTable],
  ['gateway-keys', () => printKeys(readKeySchema('gateway.schema.json'))],
  ['mapping-keys', () => printKeys(readKeySchema('mapping.schema.json'))],
  ['contents', printContents],
  ['constructs', printConstructs],
  ['transforms', printTransforms],
  ['gateway-problems', printGatewayProblems],
  ['mapping-problems', printMappingProblems],
  ['directory-problems', printDirectoryProblems],
  ['result-codes', printResultCodes],
  ['metrics', printMetrics],
  ['process-metrics', printProcessMetrics],
  ['dialects', printDialects],
  ['features', printFeatures],
  ['client-profiles', printClientProfiles],
  ['profile-names', printProfileNames],
  ['licences', printLicences],
]);

/** Documents with regions, in this folder. */
export const generatedDocuments = [
  'architecture.md',
  'mapping.md',
  'configuration.md',
  'errors.md',
  'dialects.md',
  'client-profiles.md',
  'operations.md',
  'conformance.md',
  'licences.md',
];

/** What is there, and what should be. */
export async function regenerate(name: string): Promise<{ readonly before: string; readonly after: string }> {
  const before = readFileSync(new URL(name, import.meta.url), 'utf8');
  return { before, after: await fillRegions(before, regions) };
}

if (import.meta.main) {
  for (const name of generatedDocuments) {
    const { before, after } = await regenerate(name);
    if (after === before) continue;
    writeFileSync(new URL(name, import.meta.url), after);
    process.stdout.write(`docs/${name}\n`);
  }
}
