import type { DotTone } from '../../../ui/Dot.tsx';

/** The page’s colours as a canvas takes them: it does not know `light-dark`. */
export interface GraphColours {
  readonly raised: string;
  readonly line: string;
  readonly edge: string;
  readonly text: string;
  readonly soft: string;
  readonly tones: Readonly<Record<DotTone, string>>;
  readonly font: string;
}

export function readColours(): GraphColours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const resolved = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: GraphColours = {
    raised: resolved('--raised'),
    line: resolved('--line-strong'),
    edge: resolved('--text-faint'),
    text: resolved('--text'),
    soft: resolved('--text-soft'),
    tones: {
      quiet: resolved('--text-faint'),
      good: resolved('--kelp'),
      running: resolved('--blue'),
      waits: resolved('--amber'),
      refused: resolved('--red'),
    },
    font: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return colours;
}
