import { withstandsEscapes } from '../testing/container-escapes.ts';
import { startDocker, withoutEngine } from '../testing/throw-away-engine.ts';

withstandsEscapes('Docker', withoutEngine('dockerd'), startDocker);
