import { createORPCClient, DynamicLink } from '@orpc/client';
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Status } from '../../shared/contract/house.ts';
import type { EventFilter } from '../../shared/contract/record.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Client } from './client.ts';
import { connect, type Connection, type ConnectionState, type OpenLine } from './connection.ts';
import { follow } from './follow.ts';
import type { Timing } from './timing.ts';

/** The house as the window knows it: what it may ask, whether it is there, and its live state. */
export interface House {
  readonly client: Client;
  readonly connection: Connection;
  /** Null until the first answer; afterwards the last known state, also while the line is lost. */
  readonly status: StoreApi<{ status: Status | null }>;
  /** Events from a sequence number on, through lost connections, without gap or double. */
  followRecord(question: RecordFollowing, signal: AbortSignal): Promise<void>;
  /** Any other stream, opened anew after each lost connection until the signal ends it. */
  followStream<Item>(
    open: (signal: AbortSignal) => Promise<AsyncIterable<Item>>,
    each: (item: Item) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

export interface RecordFollowing {
  /** Not “from now on”: what happens between an answer and its following would be missed. */
  from: number;
  filter: EventFilter;
  each: (events: readonly RecordedEvent[]) => void;
}

export function openHouse(open: OpenLine, timing: Timing): House {
  const connection = connect(open, timing);
  const client = createORPCClient<Client>(new DynamicLink(() => connection.carrier()));
  const status = createStore<{ status: Status | null }>(() => ({ status: null }));
  const life = new AbortController();
  const ends = () => life.abort();

  follow({
    connection,
    timing,
    open: (signal) => client.house.watch(undefined, { signal }),
    each: (next) => status.setState({ status: next }),
    signal: life.signal,
  }).catch(ends);

  return {
    client,
    connection,
    status,
    followRecord({ from, filter, each }, signal) {
      let next = from;
      return follow({
        connection,
        timing,
        open: (until) => client.record.follow({ from: next, filter }, { signal: until }),
        each: (batch) => {
          next = batch.next;
          if (batch.events.length > 0) each(batch.events);
        },
        signal,
      });
    },
    followStream: (opened, each, signal) => follow({ connection, timing, open: opened, each, signal }),
    close() {
      ends();
      connection.close();
    },
  };
}

export const HouseContext = createContext<House | null>(null);

export function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error('there is no house around this component');
  return house;
}

export function useStatus(): Status | null {
  return useStore(useHouse().status, (state) => state.status);
}

export function useConnection(): ConnectionState {
  return useStore(useHouse().connection.state);
}
