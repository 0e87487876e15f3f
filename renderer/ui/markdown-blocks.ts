import { lexer, type Token } from 'marked';

/** Longer texts are shown as they are: laying them out would hold the page up for nothing. */
const longest = 60_000;
/** Deeper than anybody reads: each level is a call within a call, here and where it is drawn. */
const nestedTooDeep = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){24}|^[ \t]{200,}(?:[-*+]|\d{1,9}[.)])[ \t]/m;
/** Which of them belong together takes time that grows with their square. */
const mostMarks = 4000;

/** A text as the blocks of its Markdown; null for one that is shown as it is. */
export function markdownBlocks(text: string): readonly Token[] | null {
  if (text.length > longest || nestedTooDeep.test(text)) return null;
  for (const block of text.split(/\n[ \t]*\n/)) {
    if (block.length > mostMarks && block.replaceAll(/[^*_~]/g, '').length > mostMarks) return null;
  }
  try {
    return lexer(text);
  } catch {
    // Whatever it stumbles over: a text that cannot be laid out is read all the same.
    return null;
  }
}
