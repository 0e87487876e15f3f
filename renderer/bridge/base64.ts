export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** A call takes so many arguments, and a letter by itself takes its time. */
const piece = 8192;

export function base64OfBytes(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += piece)
    pieces.push(String.fromCodePoint(...bytes.subarray(at, at + piece)));
  return btoa(pieces.join(''));
}
