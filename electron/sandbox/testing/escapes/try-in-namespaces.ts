// A program of its own, so that it can be run as another user: prints what escaped.
import { openNamespaceHouse } from '../namespace-house.ts';
import { makeEscapePlace } from './place.ts';
import { tryAll } from './try-all.ts';

const house = await openNamespaceHouse();
try {
  const place = await makeEscapePlace(house);
  try {
    process.stdout.write(JSON.stringify(await tryAll(house, place)));
  } finally {
    await house.clear();
    await place.close();
  }
} finally {
  await house.close();
}
