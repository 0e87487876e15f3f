/** A sentence in which `what stands between backticks` is code. */
export function Prose({ children }: { children: string }) {
  let at = 0;
  return children.split('`').map((part, index) => {
    const key = at;
    at += part.length + 1;
    return index % 2 === 1 ? <code key={key}>{part}</code> : part;
  });
}
