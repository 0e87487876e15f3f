import { imagePartSchema, mostImageBytes } from '../../../../shared/conversation.ts';
import { base64OfBytes } from '../../../bridge/base64.ts';
import { bytesOf } from '../../../ui/words.ts';

export interface AttachedImage {
  readonly key: string;
  readonly name: string;
  readonly type: (typeof types)[number];
  readonly data: string;
}

const types = imagePartSchema.shape.type.options;

/** The images among files, and why the others are none. */
export async function readImages(
  files: readonly File[],
): Promise<{ read: readonly AttachedImage[]; why: string | null }> {
  const read: AttachedImage[] = [];
  let why: string | null = null;
  for (const file of files) {
    const type = types.find((each) => each === file.type);
    if (!type) why = `${file.name} is no image that models take (PNG, JPEG, GIF, WebP).`;
    else if (file.size > mostImageBytes) why = `${file.name} is larger than ${bytesOf(mostImageBytes)}.`;
    else {
      const key = `${file.name} ${file.size} ${file.lastModified} ${read.length}`;
      read.push({
        key,
        name: file.name,
        type,
        data: base64OfBytes(new Uint8Array(await file.arrayBuffer())),
      });
    }
  }
  return { read, why };
}
