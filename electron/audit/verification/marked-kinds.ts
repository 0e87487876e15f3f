export const markedKinds: readonly string[] = [
  'log.created',
  'key.rotated',
  'payload.erased',
  'blobs.pruned',
];
