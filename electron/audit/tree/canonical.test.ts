import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Header, headerSchema } from '../../../shared/events/event.ts';
import { newId } from '../../base/ids.ts';
import { canonicalJson, headerText } from './canonical.ts';

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'binary' });
const hash = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789abcdef')),
  minLength: 64,
  maxLength: 64,
});
const at = new Date('2026-03-01T10:00:00.000Z');

const header: fc.Arbitrary<Header> = fc
  .record(
    {
      actor: fc.record(
        { kind: fc.constantFrom('operator', 'client', 'agent', 'system'), id: text },
        { requiredKeys: ['kind'] },
      ),
      blobs: fc.array(fc.record({ hash, name: text, size: fc.nat(), type: text }), {
        minLength: 1,
        maxLength: 3,
      }),
      data: hash,
      id: fc.constant(newId('event', at)),
      kind: fc.constantFrom('tool.invoked', 'record.noted'),
      parent: fc.constant(newId('event', at)),
      scope: fc.record({ agent: text, run: fc.constant(newId('run', at)) }),
      seq: fc.nat(),
      time: fc.constant(at.toISOString()),
    },
    { requiredKeys: ['actor', 'data', 'id', 'kind', 'seq', 'time'] },
  )
  .map((made) => made as Header);

test('the bytes of a leaf are the canonical JSON of its header', () => {
  fc.assert(
    fc.property(header, (made) => {
      const written = headerText(made);
      expect(written).toBe(canonicalJson(made));
      expect(headerSchema.parse(JSON.parse(written))).toEqual(made);
    }),
  );
});

test('what is empty leaves no trace in the bytes', () => {
  const made: Header = {
    actor: { kind: 'system' },
    blobs: [],
    data: 'a'.repeat(64),
    id: newId('event', at),
    kind: 'app.stopped',
    scope: {},
    seq: 3,
    time: at.toISOString(),
  };
  expect(Object.keys(JSON.parse(headerText(made)) as object)).toEqual([
    'actor',
    'data',
    'id',
    'kind',
    'seq',
    'time',
  ]);
});
