import type { ServerTool } from '../../../../../shared/tool-server.ts';
import { Comparison } from '../../../../ui/Comparison.tsx';

/** What a tool said when it was accepted beside what it says now, as far as that differs. */
export function ToolChange({ now, before }: { now: ServerTool; before: NonNullable<ServerTool['before']> }) {
  const words = { beforeWords: 'as you accepted it', nowWords: 'as it is now' };
  const [inputBefore, inputNow] = [jsonOf(before.input), jsonOf(now.input)];
  const isSaid = before.description !== now.description;
  const isTaken = inputBefore !== inputNow;
  return (
    <>
      {isSaid && (
        <Comparison of="What it says it does" before={before.description} now={now.description} {...words} />
      )}
      {isTaken && <Comparison of="What it takes" before={inputBefore} now={inputNow} {...words} />}
      {!isSaid && !isTaken && <p>Only what it says of its effects, or of its answers, has changed.</p>}
    </>
  );
}

const jsonOf = (value: unknown) => JSON.stringify(value, null, 2) ?? '';
