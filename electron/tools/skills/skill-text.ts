/** The first tier: what there is, so that a model knows when to read which. */
export function skillsText(
  skills: readonly { readonly name: string; readonly read: { readonly description?: string } | null }[],
): string | null {
  if (skills.length === 0) return null;
  return [
    '# Skills',
    'Each is a way of doing something well. Before you begin with what one is for, read it with skill_read.',
    ...skills.map(({ name, read }) => `- ${name}: ${read?.description ?? ''}`),
  ].join('\n');
}
