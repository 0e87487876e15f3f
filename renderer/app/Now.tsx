import type { Run } from '../../shared/run.ts';
import { Launcher } from '../features/launch/Launcher.tsx';
import { NowScreen } from '../features/now/NowScreen.tsx';

const launcher = (runs: readonly Run[]) => <Launcher runs={runs} />;

/** The first screen, led by where things are begun. */
export const Now = () => <NowScreen launcher={launcher} />;
