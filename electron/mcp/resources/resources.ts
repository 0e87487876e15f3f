import {
  type ListResourcesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { sentenceOf } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { HouseBehind } from '../reaching/house.ts';
import type { OwnRuns } from '../reaching/own-runs.ts';
import type { McpCaller } from '../serving/caller.ts';
import { mayUse, takesTasks } from '../tools/agents.ts';
import { runAnswer } from '../tools/run-answer.ts';

const pages = ['plan', 'transcript', 'record'] as const;
type Page = (typeof pages)[number];

const json = 'application/json';
export const agentPlace = 'holdfast://agents/';
const runUri = /^holdfast:\/\/runs\/(run_[0-9a-z]{26})(?:\/(plan|transcript|record))?$/;
const agentUri = /^holdfast:\/\/agents\/([a-z][a-z0-9_-]{0,63})$/;
const perPage = 50;
const mostEvents = 500;
const mostEntries = 500;

type Place =
  | { readonly kind: 'run'; readonly run: Id<'run'>; readonly page: Page | null }
  | { readonly kind: 'agent'; readonly agent: string };

/** What changes of a run when it changes. */
export const urisOfRun = (run: string): string[] => [
  `holdfast://runs/${run}`,
  ...pages.map((page) => `holdfast://runs/${run}/${page}`),
];

/** What a caller can read: its own runs with their plans, transcripts and records, and the agents that it may ask. */
export class Resources {
  readonly #house: HouseBehind;
  readonly #caller: McpCaller;
  readonly #runs: OwnRuns;

  constructor(house: HouseBehind, caller: McpCaller, runs: OwnRuns) {
    this.#house = house;
    this.#caller = caller;
    this.#runs = runs;
  }

  /** Agents on the first page, then runs, the newest first. */
  async list(cursor: string | undefined): Promise<ListResourcesResult> {
    if (cursor !== undefined && !/^run_[0-9a-z]{26}$/.test(cursor))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'That is no page of this list.');
    const agents = cursor === undefined ? await this.#agents() : [];
    const { runs, next } = await this.#runs.list({ most: perPage, before: cursor });
    const listed = runs.map(({ id, title }) => ({
      uri: `holdfast://runs/${id}`,
      name: id,
      title,
      mimeType: json,
    }));
    return { resources: [...agents, ...listed], ...(next === null ? {} : { nextCursor: next }) };
  }

  templates() {
    const of = (uri: string, name: string, title: string, description: string) => ({
      uriTemplate: `holdfast://${uri}`,
      name,
      title,
      description,
      mimeType: json,
    });
    return {
      resourceTemplates: [
        of('runs/{run}', 'run', 'A run', 'Its state, result and cost'),
        of('runs/{run}/plan', 'plan', 'The plan of a run', 'Its parts and how each stands'),
        of('runs/{run}/transcript', 'transcript', 'What was said in a run', 'By the sessions of its parts'),
        of('runs/{run}/record', 'record', 'The record of a run', 'The newest events first'),
        of('agents/{agent}', 'agent', 'An agent', 'What it is for and what it may do'),
      ],
    };
  }

  /** Throws where there is none, or it is another's. */
  existing(uri: string): Place {
    const [, run, page] = runUri.exec(uri) ?? [];
    if (run !== undefined && this.#runs.has(run))
      return { kind: 'run', run: run as Id<'run'>, page: (page as Page | undefined) ?? null };
    const [, agent] = agentUri.exec(uri) ?? [];
    if (agent !== undefined && mayUse({ caller: this.#caller }, agent)) return { kind: 'agent', agent };
    throw new ResourceNotFoundError(uri);
  }

  async read(uri: string): Promise<ReadResourceResult> {
    const place = this.existing(uri);
    try {
      const value = place.kind === 'agent' ? await this.#agent(place.agent) : await this.#ofRun(place);
      return { contents: [{ uri, mimeType: json, text: JSON.stringify(value, null, 1) }] };
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.code === 'not_found') throw new ResourceNotFoundError(uri);
      throw thrown;
    }
  }

  async complete(variable: string, beginning: string): Promise<string[]> {
    const names =
      variable === 'run'
        ? this.#runs.ids(100)
        : variable === 'agent'
          ? (await this.#agents()).map(({ name }) => name)
          : [];
    return names.filter((name) => name.startsWith(beginning));
  }

  async #agents() {
    const entries = await (await this.#house.rooms.agents()).list();
    return entries.flatMap(({ name, agent }) =>
      takesTasks(agent) && mayUse({ caller: this.#caller }, name)
        ? [{ uri: `${agentPlace}${name}`, name, description: agent.description, mimeType: json }]
        : [],
    );
  }

  async #agent(name: string) {
    const { agent, rights } = await (await this.#house.rooms.agents()).entryOnly(name);
    if (!takesTasks(agent)) throw new Problem('not_found', `There is no agent “${name}”.`);
    const { description, models, sandbox, approvals } = agent;
    return { name, description, models, sandbox: sandbox.kind, approvals, rights };
  }

  async #ofRun({ run, page }: { run: Id<'run'>; page: Page | null }): Promise<unknown> {
    const runs = await this.#house.rooms.runs();
    switch (page) {
      case null:
        return runAnswer(await runs.get(run), { house: this.#house });
      case 'plan':
        return runs.plan(run, undefined);
      case 'record':
        return this.#record(run);
      case 'transcript':
        return this.#transcript(run);
    }
  }

  async #record(run: Id<'run'>) {
    const { events } = await this.#house.record.query({ filter: { run }, limit: mostEvents });
    return events.map((event) => ({
      seq: event.seq,
      time: event.time,
      kind: event.kind,
      sentence: sentenceOf(event),
    }));
  }

  /** Of each part that has a session, the newest of what was said, oldest first. */
  async #transcript(run: Id<'run'>) {
    const runs = await this.#house.rooms.runs();
    const sessions = await this.#house.rooms.agentSessions();
    const { subtasks } = await runs.plan(run, undefined);
    const said: { part: string; session: string; entries: unknown[] }[] = [];
    let left = mostEntries;
    for (const { name, session } of subtasks) {
      if (session === null || left <= 0 || !sessions.has(session)) continue;
      const { entries } = await sessions.transcript(session, undefined, Math.min(left, 100));
      left -= entries.length;
      said.push({ part: name, session, entries });
    }
    return said;
  }
}
