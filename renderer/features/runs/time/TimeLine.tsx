import { useMemo } from 'react';
import type { Run, RunSubtask } from '../../../../shared/run.ts';
import { partStanding } from '../../../bridge/run-standing.ts';
import { classes } from '../../../ui/classes.ts';
import { clockOf } from '../../../ui/words.ts';
import { foldTime, lanesOf, placeOf } from './fold-time.ts';
import styles from './TimeLine.module.css';

const mostLanes = 6;
/** More would lie over one another anyway. */
const mostDrawn = 2000;
const lane = 8;
/** Drawn in a space of this width, which is stretched to the room there is. */
const width = 1000;

export interface TimeLineProps {
  run: Run;
  parts: readonly RunSubtask[];
  now: number;
  /** The id of a part. */
  selected: string | null;
  /** When it was planned again. */
  turns: readonly number[];
  /** The moment that is looked at, where the run is walked. */
  moment: number | null;
  onSelect: (part: RunSubtask) => void;
}

/** When each part was at work; where nothing was for long, time is folded. */
export function TimeLine({ run, parts, now, selected, turns, moment, onSelect }: TimeLineProps) {
  const begun = useMemo(() => parts.filter(({ started }) => started !== null).slice(-mostDrawn), [parts]);
  const whole = {
    from: Date.parse(run.started ?? run.created),
    to: run.ended === null ? now : Date.parse(run.ended),
  };
  const stretches = begun.map(({ started, ended }) => ({
    from: Date.parse(started ?? ''),
    to: ended === null ? whole.to : Date.parse(ended),
  }));
  const folded = foldTime(stretches, whole);
  const { lanes, count } = useMemo(
    () => lanesOf(stretches, mostLanes),
    // Lanes change with the parts, not with each second of those at work.
    // oxlint-disable-next-line react/exhaustive-deps
    [begun],
  );
  const height = Math.max(1, count) * lane;
  return (
    <div className={styles.line} aria-hidden="true">
      <svg
        className={styles.lanes}
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        preserveAspectRatio="none"
      >
        <defs>
          <pattern
            id="folded"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(25)"
          >
            <path className={styles.hatch} d="M0 0v6" />
          </pattern>
        </defs>
        {folded.pieces.map(
          ({ folded: hidden, left, right, from }) =>
            hidden && (
              <rect
                key={from}
                fill="url(#folded)"
                x={left * width}
                width={(right - left) * width}
                y={0}
                height={height}
              />
            ),
        )}
        {begun.map((part, index) => {
          const { from, to } = stretches[index] ?? whole;
          const x = placeOf(folded, from) * width;
          return (
            <rect
              key={part.id}
              className={classes(styles.stretch, styles[partStanding(part).tone])}
              data-selected={part.id === selected || undefined}
              x={x}
              width={Math.max(2.5, placeOf(folded, to) * width - x)}
              y={(lanes[index] ?? 0) * lane + 1}
              height={lane - 2}
              onClick={() => onSelect(part)}
            >
              <title>{part.title}</title>
            </rect>
          );
        })}
        {turns.map((time) => (
          <path key={time} className={styles.turn} d={`M${placeOf(folded, time) * width} 0v${height}`}>
            <title>It was planned again</title>
          </path>
        ))}
        {moment !== null && (
          <path
            className={styles.moment}
            d={`M${placeOf(folded, Math.min(moment, whole.to)) * width} 0v${height}`}
          />
        )}
      </svg>
      <div className={styles.ticks}>
        {ticksOf(folded.pieces, whole).map(({ at, time }) => (
          <span key={time} style={{ left: `${at * 100}%` }}>
            {clockOf(new Date(time))}
          </span>
        ))}
        <span className={styles.end}>{run.ended === null ? 'now' : clockOf(new Date(whole.to))}</span>
      </div>
    </div>
  );
}

const mostTicks = 4;

/** The beginning, and where time goes on after a fold or after a good piece of it. */
function ticksOf(
  pieces: readonly { from: number; to: number; left: number; right: number; folded: boolean }[],
  whole: { from: number; to: number },
): { at: number; time: number }[] {
  const ticks = [{ at: 0, time: whole.from }];
  for (const { from, to, left, right, folded } of pieces) {
    if (folded) continue;
    for (let part = 0; part < mostTicks; part++) {
      const at = left + ((right - left) * part) / mostTicks;
      const time = from + ((to - from) * part) / mostTicks;
      const far = at - (ticks.at(-1)?.at ?? 0) >= 0.2 && at <= 0.84;
      const later = time - (ticks.at(-1)?.time ?? 0) >= 1000;
      if (far && later) ticks.push({ at, time });
    }
  }
  return ticks;
}
