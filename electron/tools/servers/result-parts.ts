import type { ContentBlock } from '@modelcontextprotocol/client';
import { type ContentPart, imagePartSchema, mostImageBytes } from '../../../shared/conversation.ts';
import type { ToolResult } from '../tool.ts';
import { shownText } from './shown-text.ts';

const mostParts = 200;

interface Answered {
  readonly content?: readonly ContentBlock[] | undefined;
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

/** What a server answered, as a model is given it. */
export function resultOf({ content = [], structuredContent, isError }: Answered, most: number): ToolResult {
  const parts = content.slice(0, mostParts).map(partOf);
  if (content.length > mostParts)
    parts.push(text(`(${content.length - mostParts} more parts were left out)`));
  // Who declares an output tells it in words as well; only where those are missing is it told as it is.
  if (structuredContent !== undefined && !parts.some(({ kind }) => kind === 'text')) {
    parts.push(text(JSON.stringify(structuredContent, null, 1)));
  }
  return { ok: isError !== true, content: bounded(parts, most) };
}

export function partOf(block: ContentBlock): ContentPart {
  switch (block.type) {
    case 'text':
      return text(block.text);
    case 'image':
      return image(block.mimeType, block.data);
    case 'audio':
      return text(`(a sound, ${block.mimeType}, ${block.data.length} letters of base64: it cannot be told)`);
    case 'resource_link': {
      const { name, uri, description, mimeType } = block;
      return text([`Resource ${name}: ${uri}`, mimeType, description].filter(Boolean).join('\n'));
    }
    case 'resource':
      return resourcePart(block.resource);
    default:
      return text('(a part of a kind that is not known here)');
  }
}

export function resourcePart(resource: {
  uri: string;
  mimeType?: string | undefined;
  text?: string;
  blob?: string;
}): ContentPart {
  const { uri, mimeType = 'application/octet-stream' } = resource;
  if (resource.text !== undefined) return text(`Resource ${uri}:\n${resource.text}`);
  if (resource.blob !== undefined && mimeType.startsWith('image/')) return image(mimeType, resource.blob);
  return text(`(Resource ${uri}: ${mimeType}, ${resource.blob?.length ?? 0} letters of base64)`);
}

function image(type: string, data: string): ContentPart {
  const read = imagePartSchema.safeParse({ kind: 'image', type, data });
  if (read.success) return read.data;
  const why = data.length > mostImageBytes ? 'is too large' : 'is of a kind that models are not given';
  return text(`(a picture, ${type}, which ${why})`);
}

function bounded(parts: readonly ContentPart[], most: number): ContentPart[] {
  let left = most;
  return parts.map((part) => {
    if (part.kind === 'image') return part;
    const cut = part.text.slice(0, left).toWellFormed();
    left -= cut.length;
    return cut.length < part.text.length
      ? text(`${cut}\n(cut: ${part.text.length - cut.length} more letters)`)
      : part;
  });
}

function text(said: string): ContentPart {
  return { kind: 'text', text: shownText(said) };
}
