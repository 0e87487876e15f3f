/**
 * The record: events with their headers, payloads beside them, the tree's stored subtrees, checkpoints.
 * Events have no index on their kind: the word index knows it too, and answers several kinds in order.
 */
export const record = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    agent TEXT,
    run TEXT,
    session TEXT,
    subtask TEXT,
    parent TEXT,
    header TEXT NOT NULL,
    data TEXT,
    salt TEXT
  );
  CREATE INDEX events_time ON events (time);
  CREATE INDEX events_actor_kind ON events (actor_kind);
  CREATE INDEX events_actor_id ON events (actor_id) WHERE actor_id IS NOT NULL;
  CREATE INDEX events_agent ON events (agent) WHERE agent IS NOT NULL;
  CREATE INDEX events_run ON events (run) WHERE run IS NOT NULL;
  CREATE INDEX events_session ON events (session) WHERE session IS NOT NULL;
  CREATE INDEX events_subtask ON events (subtask) WHERE subtask IS NOT NULL;

  CREATE VIRTUAL TABLE event_words USING fts5 (
    text, kind,
    content = '', contentless_delete = 1, detail = column, prefix = '3',
    tokenize = 'unicode61 remove_diacritics 2'
  );

  CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    content BLOB
  );
  CREATE INDEX blobs_used ON blobs (used) WHERE content IS NOT NULL;

  CREATE TABLE event_blobs (
    seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash TEXT,
    salt TEXT,
    PRIMARY KEY (seq, place)
  ) WITHOUT ROWID;
  CREATE INDEX event_blobs_hash ON event_blobs (hash) WHERE hash IS NOT NULL;

  CREATE TABLE subtrees (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, place)
  ) WITHOUT ROWID;

  CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    note TEXT NOT NULL
  );
`;
