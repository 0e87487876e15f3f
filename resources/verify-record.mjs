#!/usr/bin/env node
// Verifies the record of one session as it lies on a disk. Node 18 or later, no dependency:
//
//   node verify-record.mjs [RECORD] [--key FINGERPRINT] [--json]
//
// Without a folder it verifies the one it lies in. Every file is compared with the manifest, the manifest with the
// event that sealed it, and that event, by verify.mjs beside this file, with the signed tree of the proof.
// Exit codes: 0 whole, 5 not whole, 2 wrong use. Nothing in a record is trusted, and no link is followed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const mostManifest = 1024 ** 3;
const mostFindings = 100;
const here = path.dirname(fileURLToPath(import.meta.url));

class WrongUse extends Error {}

/** Paths are byte strings (one letter for each byte): a name need not be text. */
const bytesOf = (text) => Buffer.from(text).toString('latin1');
const at = (name) => Buffer.from(name, 'latin1');

function readArguments(given) {
  const options = { folder: path.dirname(here), key: undefined, json: false };
  let named = false;
  for (let i = 0; i < given.length; i += 1) {
    if (given[i] === '--json') options.json = true;
    else if (given[i] === '--key') options.key = given[(i += 1)];
    else if (given[i].startsWith('-') || named) throw new WrongUse(`Unexpected: ${given[i]}`);
    else [options.folder, named] = [given[i], true];
  }
  return options;
}

function hashOf(fd) {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1024 * 1024);
  let bytes = 0;
  for (let read; (read = fs.readSync(fd, buffer, 0, buffer.length, null)) > 0; bytes += read) {
    hash.update(buffer.subarray(0, read));
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** What stands at a path, without going along a link. */
function lookAt(name) {
  const facts = fs.lstatSync(at(name));
  if (facts.isDirectory()) return { kind: 'folder' };
  if (facts.isSymbolicLink()) return { kind: 'link', target: fs.readlinkSync(at(name)) };
  if (!facts.isFile()) return { kind: 'other' };
  const fd = fs.openSync(at(name), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    return { kind: 'file', ...hashOf(fd) };
  } finally {
    fs.closeSync(fd);
  }
}

/** Everything in the folder but the manifest and the proof, by its path within. */
function* found(top) {
  const left = new Set(['agentd', 'holdfast/manifest.json', 'holdfast/proof']);
  const folders = [''];
  for (let folder; (folder = folders.pop()) !== undefined;) {
    const inside = folder === '' ? bytesOf(top) : `${bytesOf(top)}/${folder}`;
    for (const name of fs.readdirSync(at(inside), { encoding: 'latin1' })) {
      const within = folder === '' ? name : `${folder}/${name}`;
      const facts = fs.lstatSync(at(`${bytesOf(top)}/${within}`));
      if (facts.isDirectory() && within !== 'holdfast/proof') folders.push(within);
      if (!left.has(within)) yield within;
    }
  }
}

function readManifest(top) {
  const file = path.join(top, 'holdfast', 'manifest.json');
  const { size } = fs.lstatSync(file);
  if (size > mostManifest) throw new Error('the manifest is too large');
  const bytes = fs.readFileSync(file);
  const { session, entries } = JSON.parse(bytes.toString());
  const byPath = new Map(
    entries.map((entry) => [
      entry.path64 ? Buffer.from(entry.path64, 'base64').toString('latin1') : bytesOf(entry.path),
      entry,
    ]),
  );
  return { session, entries: byPath, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const shown = (name) => JSON.stringify(at(name).toString());

function* differences(top, entries) {
  const seen = new Set();
  for (const name of found(top)) {
    seen.add(name);
    const said = entries.get(name);
    if (!said) {
      yield `${shown(name)} is not in the manifest`;
      continue;
    }
    const is = lookAt(`${bytesOf(top)}/${name}`);
    if (is.kind !== said.kind) yield `${shown(name)} is a ${is.kind}, and was a ${said.kind}`;
    else if (is.sha256 !== said.sha256 || is.bytes !== said.bytes) yield `${shown(name)} was changed`;
    else if (is.target !== said.target) yield `${shown(name)} leads elsewhere`;
  }
  for (const name of entries.keys()) if (!seen.has(name)) yield `${shown(name)} is missing`;
}

/** The last line of a file of the proof, which is about the event that sealed the record. */
function lastLine(top, name) {
  const lines = fs.readFileSync(path.join(top, 'holdfast', 'proof', name), 'utf8').split('\n');
  return lines.at(-2) ?? '';
}

/** What the signed tree says: by the checker, and by the event that it proves. */
function proofOf(top, manifest, key) {
  const proof = path.join(top, 'holdfast', 'proof');
  if (!fs.existsSync(proof)) return { fault: 'there is no proof beside it', fingerprint: null };
  const checker = [path.join(here, 'verify.mjs'), path.join(here, 'proof', 'verify.mjs')].find((file) =>
    fs.existsSync(file),
  );
  if (checker === undefined) throw new WrongUse('verify.mjs does not lie beside this program.');
  const given = [checker, proof, '--json', ...(key === undefined ? [] : ['--key', key])];
  const { stdout, stderr, status } = spawnSync(process.execPath, given, {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (status === 2) throw new WrongUse(stderr.trim());
  if (status !== 0) {
    const why = stdout === '' ? stderr : JSON.parse(stdout).fault;
    return { fault: `the proof is not consistent: ${why}`, fingerprint: null };
  }
  const { fingerprint, signer } = JSON.parse(stdout);
  const { kind, scope } = JSON.parse(lastLine(top, 'events.txt'));
  const data = lastLine(top, 'data.txt').split(' ').slice(2).join(' ');
  const isIts = kind === 'session.sealed' && scope?.session === manifest.session && data !== '';
  const sealed = isIts ? JSON.parse(data).manifest : undefined;
  const fault = sealed === manifest.sha256 ? null : 'the manifest is not the one that was sealed';
  return { fault, fingerprint, signer };
}

function verify(folder, key) {
  const note = JSON.parse(fs.readFileSync(path.join(folder, 'agentd', 'session.json'), 'utf8'));
  if (note.end_timestamp === undefined)
    return { ok: false, findings: ['it was never sealed: nobody saw a proper end of its session'] };
  const manifest = readManifest(folder);
  const findings = [];
  for (const difference of differences(folder, manifest.entries))
    if (findings.push(difference) >= mostFindings) break;
  const { fault, fingerprint, signer } = proofOf(folder, manifest, key);
  if (fault) findings.push(fault);
  return {
    ok: findings.length === 0,
    session: manifest.session,
    entries: manifest.entries.size,
    fingerprint,
    signer,
    findings,
  };
}

function tell(result, json) {
  if (json) return `${JSON.stringify(result)}\n`;
  const lines = result.findings.map((each) => `NOT whole: ${each}.`);
  if (!result.ok) return `${lines.join('\n')}\n`;
  const by =
    result.signer === 'known'
      ? `Signed by the key you named, ${result.fingerprint}.`
      : `Signer unknown: signed by ${result.fingerprint}. Compare it with the one you were told, or give it with --key.`;
  return `Whole: ${result.entries} entries of ${result.session}, as they were sealed.\n${by}\n`;
}

try {
  const options = readArguments(process.argv.slice(2));
  if (!fs.existsSync(path.join(options.folder, 'agentd', 'session.json'))) {
    throw new WrongUse(`${options.folder} is no record of a session: it has no agentd/session.json.`);
  }
  let result;
  try {
    result = verify(options.folder, options.key);
  } catch (failure) {
    if (failure instanceof WrongUse) throw failure;
    result = { ok: false, findings: [`it cannot be read: ${failure.message}`] };
  }
  process.stdout.write(tell(result, options.json));
  process.exitCode = result.ok ? 0 : 5;
} catch (failure) {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = failure instanceof WrongUse ? 2 : 1;
}
