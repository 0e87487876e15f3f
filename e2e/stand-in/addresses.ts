/**
 * A Chromium of the system knows no scheme of an app's own, so its pages live at a name that ends on this machine and
 * that Chromium trusts as much as https. Main process and tests never see that name as an address of the app:
 * it is translated both ways here.
 */
const suffix = '.holdfast-stand-in.localhost';

/** `scheme://host/path` as the browser knows it. */
export function toBrowser(address: string): string {
  return address.replace(
    /^(blob:)?([a-z][a-z0-9+-]*-app):\/\/([^/]+)/,
    (_, blob: string | undefined, scheme: string, host: string) =>
      `${blob ?? ''}http://${host}.${scheme}${suffix}`,
  );
}

/** An address of the browser as the app knows it. */
export function toApp(address: string): string {
  return address.replace(
    /^(blob:)?http:\/\/([^./]+)\.([a-z0-9+-]+)\.holdfast-stand-in\.localhost/,
    (_, blob: string | undefined, host: string, scheme: string) => `${blob ?? ''}${scheme}://${host}`,
  );
}
