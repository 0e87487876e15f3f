#!/usr/bin/env node
// Verifies a bundle of events that Holdfast exported. One file, no dependency, Node 18 or later:
//
//   node verify.mjs [FOLDER|BUNDLE.tgz] [--key FINGERPRINT] [--json]
//
// Without a folder it verifies the one it lies in. Without --key it can say that the bundle is
// consistent, but not who signed it. Exit codes: 0 consistent, 5 not consistent, 2 wrong use.
//
// docs/record.md of Holdfast specifies every file. Nothing in a bundle is trusted: names are
// compared with a fixed list, lines and numbers with strict patterns, and memory stays bounded
// whatever the bundle says of itself.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';

const required = new Set([
  'events.txt',
  'data.txt',
  'blobs.txt',
  'proof.txt',
  'checkpoint',
  'key',
  'key.pem',
]);
const commentary = new Set(['bundle.json', 'CHECK-BY-HAND.md', 'verify.mjs']);
const mostLine = 4 * 1024 * 1024;
const mostUnpacked = 64 * 1024 ** 3;
const mostFiles = 1_000_000;
const hashName = /^[0-9a-f]{64}$/;
const saltForm = /^[A-Za-z0-9_-]{22}$/;
const numberForm = /^(0|[1-9][0-9]{0,15})$/;

/** What makes a bundle inconsistent. */
class Fault extends Error {}

function must(holds, fault) {
  if (!holds) throw new Fault(fault);
}

// ---- hashes, RFC 9162 -------------------------------------------------------------------------

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const zero = Buffer.from([0]);
const one = Buffer.from([1]);
const leafHash = (header) => sha256(zero, header);
const nodeHash = (left, right) => sha256(one, left, right);

/** Base64 in its one canonical spelling, or undefined. */
function base64(text, bytes) {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text ? decoded : undefined;
}

// ---- reading ----------------------------------------------------------------------------------

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes, where) {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Fault(`${where} is not UTF-8`);
  }
}

function smallFile(folder, name) {
  const { size } = fs.statSync(path.join(folder, name));
  must(size <= 16384, `${name} is too long`);
  return textOf(fs.readFileSync(path.join(folder, name)), name);
}

/** The lines of a file, each ended by one newline, as bytes. */
class Lines {
  constructor(folder, name) {
    this.name = name;
    this.number = 0;
    this.file = fs.openSync(path.join(folder, name), 'r');
    this.buffer = Buffer.alloc(64 * 1024);
    this.start = 0;
    this.end = 0;
  }

  /** The next line, or undefined at the end. It is valid until the next call. */
  next() {
    let searched = this.start;
    for (;;) {
      const found = this.buffer.subarray(0, this.end).indexOf(10, searched);
      if (found >= 0) {
        const line = this.buffer.subarray(this.start, found);
        this.start = found + 1;
        this.number += 1;
        return line;
      }
      searched = this.end - this.start;
      if (!this.fill()) {
        must(this.start === this.end, `${this.name} does not end with a newline`);
        return undefined;
      }
    }
  }

  fill() {
    this.buffer.copy(this.buffer, 0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    if (this.end === this.buffer.length) {
      must(this.end < mostLine, `${this.name}, line ${this.number + 1} is too long`);
      this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.buffer.length)]);
    }
    const read = fs.readSync(this.file, this.buffer, this.end, this.buffer.length - this.end, null);
    this.end += read;
    return read > 0;
  }

  get where() {
    return `${this.name}, line ${this.number}`;
  }

  text() {
    const line = this.next();
    must(line !== undefined, `${this.name} ends too early, after line ${this.number}`);
    return textOf(line, this.where);
  }

  close() {
    fs.closeSync(this.file);
  }
}

/** Only the files of a bundle, as plain files in a plain folder; gives the names under blobs/. */
function listing(folder) {
  const found = new Set();
  let blobs = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'blobs') {
      must(entry.isDirectory(), 'blobs is not a folder');
      blobs = fs.readdirSync(path.join(folder, 'blobs'), { withFileTypes: true });
      continue;
    }
    const known = required.has(entry.name) || commentary.has(entry.name);
    must(known, `${JSON.stringify(entry.name)} does not belong to a bundle`);
    must(entry.isFile(), `${entry.name} is not a plain file`);
    found.add(entry.name);
  }
  for (const name of required) must(found.has(name), `${name} is missing`);
  for (const entry of blobs) {
    must(
      hashName.test(entry.name) && entry.isFile(),
      `blobs/${JSON.stringify(entry.name)} does not belong to a bundle`,
    );
  }
  return new Set(blobs.map((entry) => entry.name));
}

// ---- who signed what --------------------------------------------------------------------------

/** The C2SP verifier key: name, id and Ed25519 key, in agreement with key.pem. */
function readKey(folder) {
  const match = /^([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)\n$/.exec(smallFile(folder, 'key'));
  must(match, 'key is not a verifier key');
  const [, name, id, encoded] = match;
  const bytes = base64(encoded, 33);
  must(bytes && bytes[0] === 1, 'key is not an Ed25519 key');
  const expected = sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex');
  must(id === expected, 'key and its id do not belong together');
  const raw = bytes.subarray(1);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const pem = key.export({ format: 'pem', type: 'spki' });
  must(smallFile(folder, 'key.pem') === pem, 'key.pem is another key than key');
  return { name, id, key, fingerprint: `SHA256:${sha256(raw).toString('hex')}` };
}

/** The C2SP checkpoint: what it says, when its one signature holds. */
function readCheckpoint(folder, key) {
  const match = /^(([^\n]+)\n([0-9]+)\n([A-Za-z0-9+/]+=*)\n)\n\u2014 ([^\s]+) ([A-Za-z0-9+/]+=*)\n$/.exec(
    smallFile(folder, 'checkpoint'),
  );
  must(match, 'checkpoint is not a signed checkpoint');
  const [, body, origin, size, rootText, signer, signatureText] = match;
  const root = base64(rootText, 32);
  const signature = base64(signatureText, 68);
  must(numberForm.test(size) && Number.isSafeInteger(Number(size)), 'checkpoint has no proper size');
  must(root && signature, 'checkpoint is not a signed checkpoint');
  must(origin === key.name && signer === key.name, 'checkpoint is of another record than key');
  must(signature.toString('hex', 0, 4) === key.id, 'checkpoint is signed with another key than key');
  must(
    verifySignature(null, Buffer.from(body), key.key, signature.subarray(4)),
    'the signature of checkpoint does not hold',
  );
  return { origin, size: Number(size), root };
}

// ---- headers ----------------------------------------------------------------------------------

/** Canonical JSON (RFC 8785) of what headers are made of: objects, arrays, texts, whole numbers. */
function canonical(value) {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  must(typeof value === 'object' && value !== null, 'a header has a value that headers never have');
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

const text = (form) => (value) => typeof value === 'string' && form.test(value);
const words = (most) => (value) => typeof value === 'string' && value.length > 0 && value.length <= most;
const whole = (value) => Number.isSafeInteger(value) && value >= 0;
const id = (kind) => text(new RegExp(`^${kind}_[0-9a-hjkmnp-tv-z]{26}$`));

/** An object with exactly these names; those that end with a question mark may be left out. */
const shape = (fields) => {
  const checks = new Map(Object.entries(fields).map(([name, check]) => [name.replace('?', ''), check]));
  const needed = Object.keys(fields).filter((name) => !name.endsWith('?'));
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => checks.has(name) && checks.get(name)(value[name]));
};

const isHeader = shape({
  actor: shape({ kind: text(/^(operator|client|agent|system)$/), 'id?': words(200) }),
  'blobs?': (value) => Array.isArray(value) && value.length > 0 && value.length <= 64 && value.every(isStamp),
  data: text(hashName),
  id: id('evt'),
  kind: words(100),
  'parent?': id('evt'),
  'scope?': shape({ 'agent?': words(200), 'run?': id('run'), 'session?': id('ses'), 'subtask?': id('sub') }),
  seq: whole,
  time: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
});
const isStamp = shape({ hash: text(hashName), name: words(200), size: whole, type: words(100) });

function readHeader(line, where) {
  const written = textOf(line, where);
  let header;
  try {
    header = JSON.parse(written);
  } catch {
    throw new Fault(`${where} is not JSON`);
  }
  must(isHeader(header), `${where} is not a header`);
  must(canonical(header) === written && !/\p{Cs}/u.test(written), `${where} is not canonical JSON`);
  return header;
}

// ---- payloads ---------------------------------------------------------------------------------

function checkData(header, lines, count) {
  const line = lines.next();
  must(line !== undefined, `data.txt ends before event ${header.seq}`);
  const [seq, salt] = line.toString('latin1', 0, 64).split(' ', 2);
  must(seq === String(header.seq), `${lines.where} is not about event ${header.seq}`);
  const rest = line.length <= 64 ? line.toString('latin1', seq.length + 1) : '';
  if (rest === 'withheld' || rest === 'erased') {
    count[rest] += 1;
    return;
  }
  must(
    saltForm.test(salt ?? '') && line[seq.length + 23] === 32,
    `${lines.where} is not in the form of a data line`,
  );
  const data = line.subarray(seq.length + 24);
  must(
    sha256(salt, data).toString('hex') === header.data,
    `the data of event ${header.seq} are not those that were signed`,
  );
  count.present += 1;
}

/** SHA-256 of the file alone and behind the salt, in one reading. */
function hashFile(file, salt) {
  const alone = createHash('sha256');
  const salted = createHash('sha256').update(salt);
  const buffer = Buffer.alloc(1024 * 1024);
  const handle = fs.openSync(file, 'r');
  let size = 0;
  try {
    for (let read; (read = fs.readSync(handle, buffer, 0, buffer.length, null)) > 0; size += read) {
      alone.update(buffer.subarray(0, read));
      salted.update(buffer.subarray(0, read));
    }
  } finally {
    fs.closeSync(handle);
  }
  return { size, alone: alone.digest('hex'), salted: salted.digest('hex') };
}

function checkBlob(folder, header, place, lines, files, count) {
  const parts = lines.text().split(' ');
  const what = `blob ${place} of event ${header.seq}`;
  must(parts[0] === String(header.seq) && parts[1] === String(place), `${lines.where} is not about ${what}`);
  if (parts.length === 3 && (parts[2] === 'withheld' || parts[2] === 'erased')) {
    count[parts[2]] += 1;
    return;
  }
  const [, , salt, name] = parts;
  must(parts.length === 4 && saltForm.test(salt), `${lines.where} is not in the form of a blob line`);
  if (name === 'pruned') {
    count.pruned += 1;
    return;
  }
  must(hashName.test(name) && files.names.has(name), `the file of ${what} is missing`);
  const stamp = header.blobs[place];
  const { size, alone, salted } = hashFile(path.join(folder, 'blobs', name), salt);
  must(alone === name, `blobs/${name} is not named for its content`);
  must(size === stamp.size && salted === stamp.hash, `${what} is not the one that was signed`);
  files.used.add(name);
  count.present += 1;
}

// ---- the tree ---------------------------------------------------------------------------------

/** Leaves come from left to right; two neighbours of the same size become one. */
class Stack {
  constructor() {
    this.trees = [];
    this.size = 0;
  }

  push(hash, leaves) {
    must(this.size % leaves === 0, `proof.txt has a tree of ${leaves} leaves where none can stand`);
    this.size += leaves;
    let merged = { hash, leaves };
    while (this.trees.length > 0 && this.trees.at(-1).leaves === merged.leaves) {
      merged = { hash: nodeHash(this.trees.pop().hash, merged.hash), leaves: merged.leaves * 2 };
    }
    this.trees.push(merged);
  }

  root() {
    return this.trees.map((tree) => tree.hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

function readTree(parts, where) {
  must(parts.length === 3 && numberForm.test(parts[1]), `${where} is not in the form of a proof line`);
  const leaves = Number(parts[1]);
  const hash = base64(parts[2], 32);
  must(hash && Number.isInteger(Math.log2(leaves)) && Number.isSafeInteger(leaves), `${where} is not a tree`);
  return { leaves, hash };
}

function verifyFolder(folder) {
  const names = listing(folder);
  const key = readKey(folder);
  const checkpoint = readCheckpoint(folder, key);
  const files = { names, used: new Set() };
  const data = { present: 0, withheld: 0, erased: 0 };
  const blobs = { present: 0, withheld: 0, erased: 0, pruned: 0 };
  const [proof, events, dataLines, blobLines] = ['proof', 'events', 'data', 'blobs'].map(
    (name) => new Lines(folder, `${name}.txt`),
  );
  const stack = new Stack();
  let first;
  let last;
  try {
    for (let line; (line = proof.next()) !== undefined;) {
      const parts = textOf(line, proof.where).split(' ');
      if (parts[0] === 'tree') {
        const { leaves, hash } = readTree(parts, proof.where);
        must(stack.size + leaves <= checkpoint.size, `${proof.where} goes beyond the checkpoint`);
        stack.push(hash, leaves);
        continue;
      }
      must(parts.length === 2 && parts[0] === 'event', `${proof.where} is not in the form of a proof line`);
      must(parts[1] === String(stack.size), `${proof.where} names an event that does not stand there`);
      const written = events.next();
      must(written !== undefined, `events.txt ends before event ${stack.size}`);
      const header = readHeader(written, events.where);
      must(header.seq === stack.size, `${events.where} is event ${header.seq}, not ${stack.size}`);
      stack.push(leafHash(written), 1);
      checkData(header, dataLines, data);
      for (let place = 0; place < (header.blobs?.length ?? 0); place += 1) {
        checkBlob(folder, header, place, blobLines, files, blobs);
      }
      first ??= header.seq;
      last = header.seq;
    }
    for (const lines of [events, dataLines, blobLines]) {
      must(lines.next() === undefined, `${lines.name} goes on after its last line should have come`);
    }
  } finally {
    for (const lines of [proof, events, dataLines, blobLines]) lines.close();
  }
  must(first !== undefined, 'there is no event in this bundle');
  must(
    stack.size === checkpoint.size,
    `proof.txt leads to ${stack.size} leaves, the checkpoint has ${checkpoint.size}`,
  );
  must(stack.root().equals(checkpoint.root), 'the events do not lead to the signed root: some were changed');
  for (const name of names) must(files.used.has(name), `blobs/${name} belongs to no event`);
  const count = data.present + data.withheld + data.erased;
  return {
    log: checkpoint.origin,
    size: checkpoint.size,
    events: count,
    first,
    last,
    data,
    blobs,
    fingerprint: key.fingerprint,
  };
}

// ---- packed bundles ---------------------------------------------------------------------------

const octal = (bytes) => {
  const digits = bytes.toString('latin1').replace(/[\0 ]+$/, '');
  must(/^[0-7]{1,11}$/.test(digits), 'the archive has a broken header');
  return Number.parseInt(digits, 8);
};
const cString = (bytes) => bytes.toString('latin1').replace(/\0.*$/s, '');

/** Takes a tar stream apart, as strictly as it can be: plain files of a bundle in one folder, each once. */
class Unpacker {
  constructor(folder) {
    this.folder = folder;
    this.waiting = Buffer.alloc(0);
    this.top = undefined;
    this.file = undefined;
    this.left = 0;
    this.padding = 0;
    this.ended = false;
    this.total = 0;
    this.files = 0;
  }

  take(chunk) {
    this.total += chunk.length;
    must(this.total <= mostUnpacked, 'the archive is too large');
    let bytes = this.waiting.length > 0 ? Buffer.concat([this.waiting, chunk]) : chunk;
    while (bytes.length > 0) {
      const used = this.left + this.padding > 0 ? this.content(bytes) : this.header(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.waiting = Buffer.from(bytes);
  }

  content(bytes) {
    const content = bytes.subarray(0, this.left);
    for (let done = 0; done < content.length;) done += fs.writeSync(this.file, content, done);
    this.left -= content.length;
    const padding = Math.min(this.padding, bytes.length - content.length);
    if (this.left === 0) this.close();
    this.padding -= padding;
    return content.length + padding;
  }

  header(bytes) {
    if (bytes.length < 512) return 0;
    const block = bytes.subarray(0, 512);
    if (block.every((byte) => byte === 0)) {
      this.ended = true;
      return 512;
    }
    must(!this.ended, 'the archive goes on after its end');
    let sum = 8 * 32;
    for (let i = 0; i < 512; i += 1) if (i < 148 || i >= 156) sum += block[i];
    must(octal(block.subarray(148, 156)) === sum, 'the archive has a broken header');
    must(block.toString('latin1', 257, 263) === 'ustar\0', 'the archive is not in the form of a bundle');
    const prefix = cString(block.subarray(345, 500));
    const name = (prefix ? `${prefix}/` : '') + cString(block.subarray(0, 100));
    must(block[156] === 48, `${JSON.stringify(name)} in the archive is not a plain file`);
    this.open(name, octal(block.subarray(124, 136)));
    return 512;
  }

  open(name, size) {
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)\/((?:blobs\/)?[A-Za-z0-9.-]+)$/.exec(name);
    const inner = match?.[2] ?? '';
    const known = required.has(inner) || commentary.has(inner) || /^blobs\/[0-9a-f]{64}$/.test(inner);
    must(match && known, `${JSON.stringify(name)} does not belong to a bundle`);
    this.top ??= match[1];
    must(match[1] === this.top, 'the archive has more than one folder');
    const target = path.join(this.folder, inner);
    must(!fs.existsSync(target), `${inner} is in the archive twice`);
    must((this.files += 1) <= mostFiles, 'the archive has too many files');
    fs.mkdirSync(path.dirname(target), { recursive: true });
    this.file = fs.openSync(target, 'wx', 0o600);
    this.left = size;
    this.padding = (512 - (size % 512)) % 512;
    if (size === 0) this.close();
  }

  close() {
    if (this.file !== undefined) fs.closeSync(this.file);
    this.file = undefined;
  }

  finish() {
    must(this.ended && this.left + this.padding === 0 && this.waiting.length === 0, 'the archive is cut off');
  }
}

async function verifyArchive(file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-verify-'));
  const unpacker = new Unpacker(folder);
  try {
    const gunzip = createGunzip();
    const source = fs.createReadStream(file);
    source.on('error', (failure) => gunzip.destroy(failure));
    for await (const chunk of source.pipe(gunzip)) unpacker.take(chunk);
    unpacker.finish();
    return verifyFolder(folder);
  } catch (failure) {
    if (String(failure?.code).startsWith('Z_')) throw new Fault('the archive is broken');
    throw failure;
  } finally {
    unpacker.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// ---- the command ------------------------------------------------------------------------------

const usage = 'Usage: node verify.mjs [FOLDER|BUNDLE.tgz] [--key FINGERPRINT] [--json]';

class WrongUse extends Error {}

function readArguments(given) {
  const options = { target: undefined, key: undefined, json: false };
  for (let i = 0; i < given.length; i += 1) {
    const argument = given[i];
    if (argument === '--json') options.json = true;
    else if (argument === '--key' || argument.startsWith('--key=')) {
      const key = argument === '--key' ? given[(i += 1)] : argument.slice(6);
      const hex = /^(?:SHA256:)?([0-9a-fA-F]{64})$/.exec(key ?? '')?.[1];
      if (!hex) throw new WrongUse('A fingerprint is SHA256: and 64 hexadecimal digits.');
      options.key = `SHA256:${hex.toLowerCase()}`;
    } else if (argument === '--help' || argument === '-h') options.help = true;
    else if (argument.startsWith('-') || options.target !== undefined)
      throw new WrongUse(`Unexpected: ${argument}`);
    else options.target = argument;
  }
  return options;
}

function inWords(found) {
  const payloads = (count) =>
    Object.entries(count)
      .filter(([state, number]) => number > 0 || state === 'present')
      .map(([state, number]) => `${number} ${state}`)
      .join(', ');
  return [
    `Consistent: ${found.events} events, ${found.first} to ${found.last}, in the tree of ${found.size} that ${found.log} signed.`,
    `Data: ${payloads(found.data)}. Blobs: ${payloads(found.blobs)}.`,
    found.signer === 'known'
      ? `Signed by the key you named, ${found.fingerprint}.`
      : `Signer unknown: signed by ${found.fingerprint}. Compare it with the one you were told, or give it with --key.`,
  ].join('\n');
}

async function main(given) {
  const options = readArguments(given);
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const target = options.target ?? path.dirname(fileURLToPath(import.meta.url));
  const kind = fs.statSync(target, { throwIfNoEntry: false });
  if (!kind) throw new WrongUse(`There is no ${target}.`);
  try {
    const found = kind.isDirectory() ? verifyFolder(target) : await verifyArchive(target);
    must(
      !options.key || options.key === found.fingerprint,
      `signed by ${found.fingerprint}, not by the key you named`,
    );
    const result = { ok: true, ...found, signer: options.key ? 'known' : 'unknown' };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${inWords(result)}\n`);
    return 0;
  } catch (failure) {
    if (!(failure instanceof Fault)) throw failure;
    const fault = failure.message.replaceAll(/[^ -~]/g, '?');
    process.stdout.write(
      options.json ? `${JSON.stringify({ ok: false, fault })}\n` : `NOT consistent: ${fault}.\n`,
    );
    return 5;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (failure) {
  process.stderr.write(
    failure instanceof WrongUse ? `${failure.message}\n${usage}\n` : `${failure?.stack ?? failure}\n`,
  );
  process.exitCode = failure instanceof WrongUse ? 2 : 1;
}
