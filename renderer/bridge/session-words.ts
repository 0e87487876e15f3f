import type { FolderMode, SandboxKind, SandboxLayer } from '../../shared/session.ts';
import type { DotTone } from '../ui/Dot.tsx';

export const modeWords: Record<FolderMode, string> = {
  ro: 'read',
  rw: 'read and change',
  review: 'change a version of its own; you decide afterwards',
};

export const kindWords: Record<SandboxKind, string> = {
  namespace: 'a namespace sandbox',
  container: 'a container',
};

export const holdWords: Record<SandboxLayer['holds'], { words: string; tone: DotTone }> = {
  kernel: { words: 'by the kernel', tone: 'good' },
  engine: { words: 'by the container engine', tone: 'good' },
  watchdog: { words: 'by a watchdog', tone: 'waits' },
  no: { words: 'not held', tone: 'quiet' },
};
