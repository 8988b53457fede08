// Lays plain data over plain data: blocks of keys merge, everything else replaces, null removes.

/** The values laid over one another; later ones win. */
export function mergeLayers(layers: readonly unknown[]): unknown {
  return layers.reduce((below, above) => merge(below, above));
}

function merge(below: unknown, above: unknown): unknown {
  if (!isBlock(below) || !isBlock(above)) return above;
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    // A null with nothing to remove stays, to be reported: more likely somebody forgot the value.
    if (value === null && merged.has(key)) merged.delete(key);
    else merged.set(key, merged.has(key) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** A block of keys: what YAML calls a map. */
export function isBlock(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
