/** The type that the words of a person are an artifact of. */
export const requestType = 'request';
export const requestId = 'operator-input';

const readVersions = new Set(['1.0.0']);

/** The version of the shared schema that a schema says it is. */
export function canonicalVersion(schema: unknown): string | null {
  const { 'x-tesserine-canonical': canonical } = fields(schema);
  const { version } = fields(canonical);
  return typeof version === 'string' ? version.slice(0, 100) : null;
}

export function isReadVersion(version: string): boolean {
  return readVersions.has(version);
}

export function requestDocument(text: string): { description: string; source: string } {
  return { description: text, source: 'operator' };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
