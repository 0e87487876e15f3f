/** What a page might try that it must not get; texts, because they run where there is no Node. */

export const bridgeAndNode = `({
  bridge: Object.keys(globalThis.holdfast),
  node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
})`;

export const goElsewhere = `location.href = 'https://example.org/'`;

export const goToOtherHost = `location.href = location.origin.replace('pages.', 'other.') + '/'`;

export const embed = `(() => {
  const frame = document.createElement('iframe');
  frame.src = '/index.html';
  document.body.append(frame);
})()`;

/** Every way to load something that this app did not bring, and one way to run what nobody wrote. */
export const fetchElsewhere = `(async () => {
  const settled = (asking) => asking.then((answer) => answer.status ?? 'granted', () => 'refused');
  const image = new Image();
  const loaded = new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }));
  image.src = 'https://example.org/a.png';
  const violation = new Promise((resolve) =>
    document.addEventListener('securitypolicyviolation', (event) => {
      if (event.violatedDirective.startsWith('script')) resolve(event.violatedDirective);
    }),
  );
  const script = document.createElement('script');
  script.textContent = 'globalThis.injected = true';
  document.body.append(script);
  return {
    fetch: await settled(fetch('http://127.0.0.1:9/')),
    image: await settled(loaded),
    above: await settled(fetch('/..%2f..%2fpackage.json')),
    hidden: await settled(fetch('/.hidden')),
    inline: await violation,
    injected: 'injected' in globalThis,
  };
})()`;

export const askPermissions = `(async () => {
  const settled = (asking) => asking.then(() => 'granted', () => 'refused');
  return {
    read: await settled(navigator.clipboard.readText()),
    camera: await settled(navigator.mediaDevices.getUserMedia({ video: true })),
    screen: await settled(navigator.mediaDevices.getDisplayMedia()),
    notifications: await settled(Notification.requestPermission()),
    write: await settled(navigator.clipboard.writeText('a fingerprint')),
  };
})()`;

/** Resolves when the first port of two that it asked for was closed. */
export const askTwice = `new Promise((resolve) => {
  addEventListener('message', ({ ports: [port] }) => {
    port.addEventListener('close', () => resolve('closed'));
    port.start();
  });
  holdfast.connect().then(() => holdfast.connect());
})`;

const save = (address: string) => `(() => {
  const link = Object.assign(document.createElement('a'), { href: ${address}, download: 'it.txt' });
  document.body.append(link);
  link.click();
})()`;

export const saveForeign = save(`'data:text/plain,foreign'`);
export const saveOwn = save(`URL.createObjectURL(new Blob(['own']))`);
