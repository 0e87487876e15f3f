import { ownerOf } from './labels.ts';

/*
 * A container has the labels of its image: these are others than those by which containers are known, or whatever
 * somebody runs from such an image would be taken for a sandbox that was left.
 */
const owner = 'app.holdfast.image.owner';
/** Of an image over the base image: which one, because it stands on how this machine’s system was laid out then. */
export const layoutLabel = 'app.holdfast.image.base';

export const imagesOf = (data: string) => ({ label: [`${owner}=${ownerOf(data)}`] });

export function imageLabels(
  data: string,
  base: string | null,
  about: Readonly<Record<string, string>>,
): Record<string, string> {
  const named = Object.entries(about).map(([name, value]) => [`app.holdfast.image.${name}`, value] as const);
  return {
    [owner]: ownerOf(data),
    ...(base === null ? {} : { [layoutLabel]: base }),
    ...Object.fromEntries(named),
  };
}
