/** One step of building what a sandbox sees. They are carried out in order, each over what was there before. */
export type Mount =
  /** A folder or file of this machine. Through a descriptor it is certain which one; a path alone is for the system's own. */
  | {
      readonly what: 'bind';
      readonly from: string;
      readonly fd: number | null;
      readonly at: string;
      readonly writable: boolean;
    }
  | { readonly what: 'tmpfs'; readonly at: string; readonly bytes: number; readonly mode: number }
  /** A new file with this in it. */
  | { readonly what: 'file'; readonly content: Uint8Array; readonly at: string; readonly mode: number }
  /** An empty one over whatever stands there, unwritable. */
  | { readonly what: 'nothing'; readonly at: string }
  /** Other content over a file that stands there, unwritable. */
  | { readonly what: 'content'; readonly at: string; readonly content: string }
  | { readonly what: 'link'; readonly at: string; readonly to: string }
  | { readonly what: 'folder'; readonly at: string; readonly mode: number }
  | { readonly what: 'proc' | 'dev' | 'read-only'; readonly at: string };

/** What bubblewrap is given beside its arguments, a descriptor or a content; answers which number that has there. */
export type Give = (what: number | Uint8Array) => number;

const octal = (mode: number) => `0${mode.toString(8)}`;

/** The mounts as bubblewrap's arguments. */
export function mountArguments(mounts: readonly Mount[], give: Give, bindsByDescriptor: boolean): string[] {
  return mounts.flatMap((mount) => oneMount(mount, give, bindsByDescriptor));
}

function oneMount(mount: Mount, give: Give, bindsByDescriptor: boolean): string[] {
  switch (mount.what) {
    case 'bind': {
      const option = mount.writable ? '--bind' : '--ro-bind';
      return mount.fd !== null && bindsByDescriptor
        ? [`${option}-fd`, String(give(mount.fd)), mount.at]
        : [option, mount.from, mount.at];
    }
    case 'tmpfs':
      return ['--perms', octal(mount.mode), '--size', String(mount.bytes), '--tmpfs', mount.at];
    case 'file':
      return ['--perms', octal(mount.mode), '--file', String(give(mount.content)), mount.at];
    case 'nothing':
      return ['--perms', octal(0o444), '--ro-bind-data', String(give(new Uint8Array())), mount.at];
    case 'content':
      return ['--perms', octal(0o444), '--ro-bind-data', String(give(Buffer.from(mount.content))), mount.at];
    case 'link':
      return ['--symlink', mount.to, mount.at];
    case 'folder':
      return ['--perms', octal(mount.mode), '--dir', mount.at];
    case 'proc':
    case 'dev':
      return [`--${mount.what}`, mount.at];
    case 'read-only':
      return ['--remount-ro', mount.at];
  }
}
