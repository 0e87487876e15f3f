import { withstandsEscapes } from '../testing/container-escapes.ts';
import { startPodman, withoutEngine } from '../testing/throw-away-engine.ts';

withstandsEscapes('Podman', withoutEngine('podman'), startPodman);
