import type { Verification } from '../../../shared/contract/record.ts';
import { Problem } from '../../../shared/problem.ts';
import { emptyRoot, type Hash } from '../tree/hashing.ts';
import { type CheckpointText, parseCheckpoint, signersOf } from '../tree/note.ts';
import { type CompletedSubtree, Frontier } from '../tree/tree.ts';
import { eventsPerCheckpoint } from '../checkpoints/checkpoint-rows.ts';
import { Excuses } from './excuses.ts';
import { findingsOf } from './findings.ts';
import { KeyChain } from './key-chain.ts';
import { type Mark, type PartialTree, type RangeAnswer, rangeEvents } from './range.ts';
import type { Survey } from './survey.ts';
import { capitalised, theEvents, mostFindings, type Suspect, Suspects } from './suspect.ts';

/** A signed note from outside the database. */
export interface OutsideNote {
  name: string;
  note: string;
}

interface ReadNote extends OutsideNote {
  said: CheckpointText;
}

/** Puts the ranges together in their order, follows the tree from checkpoint to checkpoint, and judges. */
export class Verdict {
  readonly #survey: Survey;
  readonly #keys: KeyChain;
  readonly #outside: ReadNote[] = [];
  readonly #comparedWith: string[] = [];
  readonly #tree = new Frontier();
  readonly #roots = new Map<number, Hash>([[0, emptyRoot]]);
  readonly #stored: Map<string, Hash>;
  readonly #excuses = new Excuses();
  readonly #suspects = new Suspects();
  readonly #fromRanges: Suspect[] = [];
  readonly #told = new Set<string>();
  /** Signed checkpoints that do not fit the events, since the last one that does. */
  #misfits: number[] = [];
  #lastGood = 0;
  #checkpoints = 0;
  #blobs = 0;

  constructor(survey: Survey, outside: readonly OutsideNote[], trusted: readonly string[]) {
    this.#survey = survey;
    this.#keys = new KeyChain(trusted);
    this.#stored = new Map(survey.subtrees.map(({ level, place, hash }) => [`${level} ${place}`, hash]));
    for (const { name, note } of outside) this.#read(name, note);
    for (const { table, rows } of survey.strays) {
      const what =
        table === 'events' ? 'event_inserted' : table === 'event_blobs' ? 'blob_changed' : 'tree_changed';
      const message = `The table ${table} has ${rows === 1 ? '1 row that belongs' : `${rows} rows that belong`} to no event of this record.`;
      this.#suspects.addRange(what, survey.size, survey.size, message);
    }
    for (const message of survey.schema)
      this.#suspects.addRange('schema_changed', 0, Math.max(survey.size - 1, 0), message);
  }

  /** Sizes at which the tree is wanted for the notes from outside. */
  get sizes(): number[] {
    return this.#outside.map(({ said }) => said.size);
  }

  add(answer: RangeAnswer): void {
    const marks = [...answer.marks];
    const learn = (below: number) => {
      while (marks[0] && marks[0].seq < below) this.#keys.learn(marks.shift()!);
    };
    const asked = new Set(this.sizes);
    for (const partial of answer.partial) {
      learn(partial.size);
      const root = this.#rootWith(answer, partial);
      if (asked.has(partial.size)) this.#roots.set(partial.size, root);
      if (partial.note !== null) this.#judge(partial.note, partial.size, root);
    }
    learn(answer.to);
    this.#excuses.add(answer);
    if (this.#fromRanges.length < 10 * mostFindings) this.#fromRanges.push(...answer.suspects);
    this.#blobs += answer.blobs;
    this.#grow(answer.roots, answer.to - answer.from);
  }

  finish(late: readonly Mark[], milliseconds: number): Verification {
    for (const mark of late) this.#excuses.learn(mark);
    this.#excuses.tell(this.#survey.gone, this.#suspects);
    this.#judgeKeys();
    this.#judgeUnsigned();
    this.#judgeUnclaimed();
    if (this.#survey.atBeginning !== null) this.#judgeBeginning(this.#survey.atBeginning);
    for (const { size, note } of this.#survey.beyond) this.#judgeBeyond(size, note);
    for (const note of this.#outside) this.#compare(note);
    const misfit = this.#misfits[0];
    const findings = findingsOf({
      size: this.#survey.size,
      fromRanges: this.#fromRanges,
      ofTheWhole: this.#suspects.all,
      broken: misfit === undefined ? null : { from: this.#lastGood, to: misfit - 1 },
    });
    return {
      ok: findings.length === 0,
      size: this.#survey.size,
      checkpoints: this.#checkpoints,
      blobs: this.#blobs,
      pruned: this.#excuses.pruned,
      erased: this.#excuses.erased,
      unsigned: this.#survey.size - this.#lastGood,
      comparedWith: this.#comparedWith,
      findings,
      milliseconds,
    };
  }

  #read(name: string, note: string): void {
    try {
      this.#outside.push({ name, note, said: parseCheckpoint(note) });
      this.#comparedWith.push(name);
    } catch (thrown) {
      this.#suspects.add('checkpoint_forged', 0, `${name}: ${Problem.of(thrown).message}.`);
    }
  }

  #rootWith(answer: RangeAnswer, partial: PartialTree): Hash {
    const tree = this.#tree.copy();
    addRoots(tree, partial.roots, partial.size - answer.from);
    return tree.root();
  }

  #grow(roots: readonly Hash[], size: number): void {
    addRoots(this.#tree, roots, size, (leaves, place, root) => {
      const level = Math.log2(leaves);
      if (level % 8 !== 0 || this.#stored.get(`${level} ${place}`) === root) return;
      const [from, to] = [place * leaves, (place + 1) * leaves - 1];
      const message = `The stored tree does not fit the events ${from} to ${to}.`;
      this.#fromRanges.push({ what: 'tree_changed', from, to, message });
    });
  }

  /** A stored checkpoint, when all events before it are known. */
  #judge(note: string, size: number, root: Hash): void {
    const from = this.#lastGood;
    const forged = (reason: string) =>
      this.#suspects.addRange(
        'checkpoint_forged',
        Math.min(from, size - 1),
        size - 1,
        `The checkpoint at ${size} ${reason}.`,
      );
    const said = readNote(note);
    if (!said || said.size !== size || said.origin !== this.#survey.log)
      return forged('is not one of this record');
    if (said.root !== root) {
      // Whoever made up a checkpoint has no key: then nothing is said about the events.
      if (signersOf(note, this.#keys.all).length === 0)
        return forged('is not signed by a key of this record');
      this.#misfits.push(size);
      return undefined;
    }
    const signed = this.#keys.judge(note, size);
    if (signed.by === 'nobody') return forged('is not signed by a key of this record');
    if (signed.by === 'retired')
      return forged(`is signed by a key that was no longer in use (${signed.key.fingerprint})`);
    if (signed.by === 'unknown') this.#unknownKey(signed.seq, size - 1, signed.key.fingerprint);
    this.#contradict(size);
    this.#checkpoints++;
    this.#lastGood = size;
    return undefined;
  }

  /** A later checkpoint fits, so the events are those that were signed, and what did not fit was made up. */
  #contradict(size: number): void {
    for (const misfit of this.#misfits) {
      const message = `The checkpoint at ${misfit} contradicts the one at ${size}, which fits the events.`;
      this.#suspects.addRange('checkpoint_forged', this.#lastGood, misfit - 1, message);
    }
    this.#misfits = [];
  }

  #unknownKey(from: number, to: number, fingerprint: string): void {
    if (this.#told.has(fingerprint)) return;
    this.#told.add(fingerprint);
    const message = `From event ${from} on the record is signed with ${fingerprint}, a key that the key before it never introduced.`;
    this.#suspects.addRange('key_unknown', from, to, message);
  }

  #judgeKeys(): void {
    if (this.#survey.size === 0) return;
    const { log } = this.#keys;
    if (log !== undefined && log !== this.#survey.log) {
      const message = `The database says that this record is “${this.#survey.log}”, its first event “${log}”.`;
      this.#suspects.add('column_changed', 0, message);
    }
    if (!this.#keys.hasBeginning) {
      this.#suspects.add('key_unknown', 0, 'The first event does not name the key that signs this record.');
    } else if (!this.#keys.isTrusted) {
      const message = 'The record’s signing key is not the one that this Holdfast keeps.';
      this.#suspects.addRange('key_unknown', 0, this.#survey.size - 1, message);
    }
  }

  #judgeUnsigned(): void {
    const from = this.#lastGood;
    const unsigned = this.#survey.size - from;
    if (unsigned < eventsPerCheckpoint || this.#misfits.length > 0 || this.#suspects.all.length > 0) return;
    const message = `${capitalised(theEvents(from, this.#survey.size - 1))} are not signed, but Holdfast signs after every ${eventsPerCheckpoint}: checkpoints were taken away.`;
    this.#suspects.addRange('checkpoint_missing', from, this.#survey.size - 1, message);
  }

  /** Where a row that claimed a blob was changed, that row is the finding. */
  #judgeUnclaimed(): void {
    const { unclaimed, size } = this.#survey;
    if (unclaimed === 0 || this.#fromRanges.length > 0 || this.#suspects.all.length > 0) return;
    const message = `The table blobs has ${unclaimed === 1 ? '1 row that no event carries' : `${unclaimed} rows that no event carries`}.`;
    this.#suspects.addRange('blob_changed', size, size, message);
  }

  #judgeBeginning(note: string): void {
    const said = readNote(note);
    const fits = said?.size === 0 && said.origin === this.#survey.log && said.root === emptyRoot;
    if (fits && signersOf(note, this.#keys.all).length > 0) return;
    this.#suspects.add('checkpoint_forged', 0, 'The checkpoint at 0 is not one of this record.');
  }

  #judgeBeyond(size: number, note: string): void {
    if (signersOf(note, this.#keys.all).length > 0) this.#tailCut(size, 'A stored checkpoint');
    else {
      const message = `The checkpoint at ${size} is not signed by a key of this record.`;
      this.#suspects.addRange('checkpoint_forged', this.#survey.size, size - 1, message);
    }
  }

  #tailCut(size: number, who: string): void {
    const from = this.#survey.size;
    const message = `${who} signed ${size} events, the record has ${from}: ${theEvents(from, size - 1)} cut off.`;
    this.#suspects.addRange('tail_cut', from, size - 1, message);
  }

  #compare({ name, note, said }: ReadNote): void {
    const last = Math.max(said.size - 1, 0);
    if (said.origin !== this.#survey.log) {
      this.#suspects.addRange(
        'checkpoint_forged',
        0,
        last,
        `${name} is a checkpoint of another record, ${said.origin}.`,
      );
    } else if (signersOf(note, this.#keys.all).length === 0) {
      this.#suspects.addRange('checkpoint_forged', 0, last, `${name} is not signed by a key of this record.`);
    } else if (said.size > this.#survey.size) {
      this.#tailCut(said.size, name);
    } else if (this.#roots.get(said.size) !== said.root) {
      const from = this.#lastFitting(said.size);
      const message = `${capitalised(theEvents(from, last))} are not those that ${name} signed: the record was rewritten there.`;
      this.#suspects.addRange('interval_changed', from, last, message);
    }
  }

  /** The largest size below that another note from outside vouches for. */
  #lastFitting(size: number): number {
    const fitting = this.#outside.filter(
      ({ said }) => said.size < size && this.#roots.get(said.size) === said.root,
    );
    return Math.max(0, ...fitting.map(({ said }) => said.size));
  }
}

/** Adds the subtrees of `size` leaves, no more than a range has, to a tree that stands at a multiple of it. */
function addRoots(tree: Frontier, roots: readonly Hash[], size: number, completed?: CompletedSubtree): void {
  let next = 0;
  for (let leaves = rangeEvents; leaves >= 1; leaves /= 2) {
    if (Math.floor(size / leaves) % 2 === 1) tree.appendSubtree(roots[next++]!, leaves, completed);
  }
}

function readNote(note: unknown): CheckpointText | undefined {
  try {
    return parseCheckpoint(String(note));
  } catch {
    return undefined;
  }
}
