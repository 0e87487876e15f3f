import { type ModelStandIn, startModelStandIn } from '../stand-in-models/stand-in.ts';
import { test as base } from './person-folder.ts';

/** With a scripted model that Holdfast is set up to use, and a folder of the person's. */
export const test = base.extend<{ model: ModelStandIn }>({
  model: async ({ app }, provide) => {
    const model = await startModelStandIn({});
    const words = [
      'configure',
      '--provider',
      'demo',
      '--base-url',
      model.openai,
      '--no-key',
      '--model',
      'demo',
    ];
    const { code, err } = await app.cli(...words);
    if (code !== 0) throw new Error(`the model could not be set up: ${err}`);
    await provide(model);
    await model.close();
  },
});
