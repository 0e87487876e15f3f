import canonicalize from 'canonicalize';
import type { Header } from '../../../shared/events/event.ts';

/** Canonical JSON (RFC 8785) of any JSON value. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

const quote = JSON.stringify;

/**
 * The bytes of a leaf. Written out by hand because it runs twice for each event (append and verify):
 * the names of a header are few, known and already in order. A test holds it equal to `canonicalJson`.
 */
export function headerText(header: Header): string {
  const { actor, blobs, scope, parent } = header;
  let text = actor.id === undefined ? '{"actor":{' : `{"actor":{"id":${quote(actor.id)},`;
  text += `"kind":"${actor.kind}"}`;
  if (blobs && blobs.length > 0) {
    text += ',"blobs":[';
    for (let i = 0; i < blobs.length; i++) {
      const blob = blobs[i]!;
      text += `${i === 0 ? '' : ','}{"hash":"${blob.hash}","name":${quote(blob.name)},"size":${blob.size},"type":${quote(blob.type)}}`;
    }
    text += ']';
  }
  text += `,"data":"${header.data}","id":"${header.id}","kind":${quote(header.kind)}`;
  if (parent !== undefined) text += `,"parent":"${parent}"`;
  if (scope) {
    const parts = [];
    if (scope.agent !== undefined) parts.push(`"agent":${quote(scope.agent)}`);
    if (scope.run !== undefined) parts.push(`"run":"${scope.run}"`);
    if (scope.session !== undefined) parts.push(`"session":"${scope.session}"`);
    if (scope.subtask !== undefined) parts.push(`"subtask":"${scope.subtask}"`);
    if (parts.length > 0) text += `,"scope":{${parts.join(',')}}`;
  }
  return `${text},"seq":${header.seq},"time":"${header.time}"}`;
}
