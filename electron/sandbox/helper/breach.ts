/** What came from a sandbox breaks the protocol: its helper is not to be spoken with any more. */
export class Breach extends Error {
  constructor(what: string) {
    super(`The helper in the sandbox broke its protocol: ${what}.`);
    this.name = 'Breach';
  }
}
