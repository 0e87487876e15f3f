/** Arguments as they are typed, or what is wrong with them. */
export function readObject(text: string): { input: Record<string, unknown> } | { wrong: string } {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { input: value as Record<string, unknown> };
    }
    return { wrong: 'Arguments stand in braces: { "name": value }.' };
  } catch (failure) {
    return { wrong: `This is no JSON: ${(failure as Error).message}.` };
  }
}
