/** A folder on this machine, and where it stands inside a sandbox, if that is another place. */
export interface PlacedFolder {
  readonly path: string;
  readonly at?: string | undefined;
}

export const placeOf = ({ path, at }: PlacedFolder): string => at ?? path;

/** Where something within the folder stands inside. */
export const insideOf = (folder: PlacedFolder, path: string): string =>
  folder.at === undefined ? path : `${folder.at}${path.slice(folder.path.length)}`;
