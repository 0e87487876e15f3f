import { parse, TomlError } from 'smol-toml';
import { fieldName, type PlacedText } from './placed-text.ts';
import { placeOf } from './text-place.ts';
import { tomlPlaces } from './toml-places.ts';

/** A TOML text that knows where each of its fields stands. */
export function placeToml(text: string): PlacedText {
  let places: ReadonlyMap<string, number> | undefined;
  const at: PlacedText['at'] = (path, message) => {
    places ??= tomlPlaces(text);
    let offset: number | undefined;
    for (let steps = path.length; steps > 0 && offset === undefined; steps--) {
      offset = places.get(JSON.stringify(path.slice(0, steps)));
    }
    return { ...placeOf(text, offset ?? 0), field: fieldName(path), message };
  };
  try {
    return { value: parse(text), problems: [], at };
  } catch (failure) {
    if (!(failure instanceof TomlError)) throw failure;
    const { line, column } = failure;
    const [words = ''] = failure.message.replace(/^Invalid TOML document: /, '').split('\n');
    const message = `It is no TOML: ${words.replace(/\.?$/, '.')}`;
    return { value: null, problems: [{ line, column, field: '', message }], at };
  }
}
