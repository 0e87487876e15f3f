/**
 * The terminal writes its colours and sizes into <style> elements, which the pages' Content-Security-Policy
 * does not let in. This document hands it elements whose text becomes a constructed style sheet instead:
 * the same effect by a way that only scripts of our own can go.
 */
export function styledDocument(real: Document): Document {
  return new Proxy(real, {
    get(target, name) {
      if (name === 'createElement')
        return (tag: string) => (tag === 'style' ? styleHolder(target) : target.createElement(tag));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function styleHolder(real: Document): HTMLElement {
  const holder = real.createElement('template');
  const sheet = new CSSStyleSheet();
  Object.defineProperty(holder, 'textContent', {
    get: () => [...sheet.cssRules].map(({ cssText }) => cssText).join('\n'),
    set(text: string) {
      sheet.replaceSync(text);
    },
  });
  Object.defineProperty(holder, 'remove', {
    value() {
      real.adoptedStyleSheets = real.adoptedStyleSheets.filter((each) => each !== sheet);
      HTMLElement.prototype.remove.call(holder);
    },
  });
  real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
  return holder;
}
