import { type HostPattern, readHostPattern } from '../../shared/capability/host-pattern.ts';
import { Problem } from '../../shared/problem.ts';

export interface ReadHosts {
  /** As they were typed. */
  readonly names: string[];
  readonly patterns: HostPattern[];
  readonly wrong?: string;
}

/** Hosts as they are typed: one on a line, or with commas between them. */
export function readHosts(text: string): ReadHosts {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  try {
    const patterns = names.map((name) => readHostPattern({ text: name, field: name, offset: 0 }));
    return { names, patterns };
  } catch (thrown) {
    return { names, patterns: [], wrong: Problem.of(thrown).message };
  }
}
