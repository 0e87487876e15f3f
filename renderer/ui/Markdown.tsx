import type { Token, Tokens } from 'marked';
import { memo, type ReactNode, useMemo } from 'react';
import { markdownBlocks } from './markdown-blocks.ts';
import styles from './Markdown.module.css';

/** Text that a model wrote. HTML in it is shown, never made; pictures are not fetched. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => markdownBlocks(text), [text]);
  if (!blocks) return <pre className={styles.plain}>{text}</pre>;
  return (
    <div className={styles.text}>
      {blocks.map((block, at) => (
        // Blocks have no identity but their place; only the last one changes while a text grows.
        // oxlint-disable-next-line react/no-array-index-key
        <Block key={at} token={block} raw={block.raw} />
      ))}
    </div>
  );
}

/** Laid out again only where its own text has changed. */
const Block = memo(
  ({ token }: { token: Token; raw: string }) => blockOf(token),
  (before, after) => before.raw === after.raw,
);
Block.displayName = 'Block';

function blockOf(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return <p className={styles.heading}>{inline(token.tokens)}</p>;
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>;
    case 'text':
      return token.tokens ? inline(token.tokens) : plain(token);
    case 'code':
      return <Code {...(token as Tokens.Code)} />;
    case 'blockquote':
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens)}</blockquote>;
    case 'list':
      return <List {...(token as Tokens.List)} />;
    case 'table':
      return <Table {...(token as Tokens.Table)} />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
      return null;
    default:
      return <p>{token.raw}</p>;
  }
}

// Tokens of one text have no identity but their place.
/* oxlint-disable react/no-array-index-key */
const blocks = (tokens: readonly Token[]) =>
  tokens.map((token, at) => <Block key={at} token={token} raw={token.raw} />);

function List({ ordered, start, items }: Tokens.List) {
  const shown = items.map((item, at) => (
    <li key={at}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly aria-label="done" />}
      {blocks(item.tokens)}
    </li>
  ));
  return ordered ? <ol start={start === '' ? 1 : start}>{shown}</ol> : <ul>{shown}</ul>;
}

function Code({ text, lang }: Tokens.Code) {
  return (
    <pre className={styles.code} tabIndex={0} aria-label={lang ? `Code, ${lang}` : 'Code'}>
      {text}
    </pre>
  );
}

function Table({ header, rows }: Tokens.Table) {
  return (
    <div className={styles.wide} tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {header.map((cell, at) => (
              <th key={at}>{inline(cell.tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, place) => (
                <td key={place}>{inline(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[] | undefined): ReactNode[] {
  return (tokens ?? []).map((token, at) => <Inline key={at} token={token} />);
}
/* oxlint-enable react/no-array-index-key */

function Inline({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>;
    case 'em':
      return <em>{inline(token.tokens)}</em>;
    case 'del':
      return <del>{inline(token.tokens)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <Link {...(token as Tokens.Link)} />;
    case 'image':
      return <span>[{(token as Tokens.Image).text || (token as Tokens.Image).href}]</span>;
    case 'text':
      return token.tokens ? inline(token.tokens) : plain(token);
    case 'escape':
      return plain(token);
    default:
      return token.raw;
  }
}

const plain = (token: Token) => (token as Tokens.Text).text;

/** Only where it says itself where it leads is it a link: a model can write anything behind a friendly word. */
function Link({ href, tokens }: Tokens.Link) {
  const words = tokens.map(({ raw }) => raw).join('');
  if (!/^(https?|mailto):/i.test(href)) return words;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" title={href}>
      {inline(tokens)}
      {words !== href && <span className={styles.leads}> ({hostOf(href)})</span>}
    </a>
  );
}

function hostOf(href: string): string {
  try {
    const { host, pathname } = new URL(href);
    return host === '' ? pathname : host;
  } catch {
    return href;
  }
}
