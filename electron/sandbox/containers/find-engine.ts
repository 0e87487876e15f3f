import { Problem } from '../../../shared/problem.ts';
import { findProgram } from '../../base/find-program.ts';
import { connectEngine, type Engine, wordsOf } from './engine.ts';
import { type EnginePlace, enginePlaces } from './engine-places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The first engine that answers, or a problem that says for each place why none did. */
export async function findEngine(environment: Environment, home: string): Promise<Engine> {
  const { named, places } = await enginePlaces(environment, home);
  const failures: { place: EnginePlace; code: string; words: string }[] = [];
  for (const place of places) {
    try {
      return await connectEngine(place);
    } catch (thrown) {
      failures.push({ place, code: codeOf(thrown), words: wordsOf(thrown) });
    }
  }
  // A socket that is there says more than one that is not.
  const telling = failures.find(({ code }) => code !== 'ENOENT') ?? failures[0];
  if (named || (telling && telling.code !== 'ENOENT')) throw silent(telling);
  throw await nothingThere(environment);
}

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException | null)?.code ?? '';

function silent(failure: { place: EnginePlace; code: string; words: string } | undefined): Problem {
  const { place, code, words } = failure ?? { place: { socket: '', from: '' }, code: '', words: '' };
  const podman = place.socket.endsWith('podman.sock');
  const said = place.from === 'the usual place' ? place.socket : `${place.socket} (from ${place.from})`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new Problem(
      'unavailable',
      `This account has no rights to the container engine's socket ${said}.`,
      podman
        ? 'Use an engine of your own: systemctl --user start podman.socket'
        : 'sudo usermod -aG docker $USER, then log in again; whoever is in that group can become root through it. Rootless Podman needs no such right.',
    );
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new Problem('unavailable', `No container engine answers at ${said}.`, startMend(podman));
  }
  return new Problem(
    'unavailable',
    `The container engine at ${said} does not answer: ${words}`,
    startMend(podman),
  );
}

const startMend = (podman: boolean) =>
  podman ? 'systemctl --user start podman.socket' : 'sudo systemctl start docker';

async function nothingThere(environment: Environment): Promise<Problem> {
  // Daemons lie where an ordinary account's search path does not lead.
  const searched = `${environment['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
  const has = async (name: string) => (await findProgram(name, searched)) !== undefined;
  if ((await has('dockerd')) || (await has('docker'))) {
    return new Problem('unavailable', 'Docker is installed but not running.', startMend(false));
  }
  if (await has('podman')) {
    return new Problem('unavailable', 'Podman is installed but its socket is not open.', startMend(true));
  }
  return new Problem(
    'unavailable',
    'No container engine is here: neither Docker nor Podman.',
    'sudo apt install podman, then: systemctl --user start podman.socket',
  );
}
