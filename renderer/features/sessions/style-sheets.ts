const html = 'http://www.w3.org/1999/xhtml';

/**
 * The terminal makes <style> elements for its colours and sizes when it opens, which the pages'
 * Content-Security-Policy does not let in. While `open` runs it is handed elements whose text becomes a
 * constructed style sheet instead: the same effect, by a way that only scripts of our own can go.
 */
export function withStyleSheets(open: () => void): void {
  const make = (tag: string): HTMLElement => document.createElementNS(html, tag);
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (tag: string) => (tag === 'style' ? styleHolder(make('template')) : make(tag)),
  });
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

function styleHolder(holder: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  Object.defineProperty(holder, 'textContent', {
    get: () => [...sheet.cssRules].map(({ cssText }) => cssText).join('\n'),
    set(text: string) {
      sheet.replaceSync(text);
    },
  });
  Object.defineProperty(holder, 'remove', {
    value() {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      HTMLElement.prototype.remove.call(holder);
    },
  });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return holder;
}
