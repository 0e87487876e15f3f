/** What a reading thread needs to begin. */
export interface ReaderData {
  path: string;
}
