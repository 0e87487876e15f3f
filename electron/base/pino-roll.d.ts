declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom';

  interface RollOptions extends Omit<SonicBoomOpts, 'dest' | 'fd'> {
    file: string;
    size?: string | number;
    limit?: { count: number; removeOtherLogFiles?: boolean };
  }

  export default function roll(options: RollOptions): Promise<SonicBoom>;
}
