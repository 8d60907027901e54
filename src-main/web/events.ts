/**
 * @file Server-sent events. Each page has a channel: a bounded list of its last events, from which its stream reads at
 * its own pace. That list is both the queue of a slow reader and what a page catches up on after a lost connection.
 *
 * A stream begins with `ready`; its `missed` says that events were lost, and the page then reads its state anew.
 */
import { randomUUID } from 'node:crypto';
import type { Limits } from './limits.ts';

type Channel = {
  /** Tells this channel's event ids from those of an earlier one of the same name. */
  readonly epoch: string;
  readonly kept: { readonly name: string; readonly text: string }[];
  /** Sum of the lengths in `kept`. */
  size: number;
  /** Number of events so far; `kept` holds the last of them. */
  count: number;
  closed: boolean;
  /** One for each open stream: there is something new. */
  readonly wake: Set<() => void>;
  expiry?: ReturnType<typeof setTimeout>;
};

export type Events = {
  /** To one page, or to all. Data is JSON. A page without a channel gets nothing. */
  publish(name: string, data: unknown, client?: string): void;
  /** The stream of a page; null where there are too many pages. */
  open(client: string, lastId: string | null): ReadableStream<Uint8Array> | null;
  close(): void;
};

export function createEvents(limits: Limits): Events {
  const channels = new Map<string, Channel>();
  let closed = false;

  return {
    publish(name, data, client) {
      const text = JSON.stringify(data);
      for (const [id, channel] of channels) {
        if (client === undefined || client === id) append(channel, { name, text }, limits);
      }
    },
    open(client, lastId) {
      const known = channels.get(client);
      if (closed || (!known && channels.size >= limits.channels)) return null;
      const channel: Channel = known ?? {
        epoch: randomUUID(),
        kept: [],
        size: 0,
        count: 0,
        closed: false,
        wake: new Set(),
      };
      channels.set(client, channel);
      clearTimeout(channel.expiry);
      return read(channel, lastId, limits.heartbeatMs, () => {
        if (channel.wake.size > 0) return;
        channel.expiry = setTimeout(() => channels.delete(client), limits.keptChannelMs).unref();
      });
    },
    close() {
      closed = true;
      for (const channel of channels.values()) {
        clearTimeout(channel.expiry);
        channel.closed = true;
        for (const wake of channel.wake) wake();
      }
      channels.clear();
    },
  };
}

function append(channel: Channel, event: { name: string; text: string }, limits: Limits): void {
  channel.kept.push(event);
  channel.size += event.text.length;
  channel.count += 1;
  while (channel.kept.length > limits.keptEvents || channel.size > limits.keptEventBytes) {
    channel.size -= channel.kept.shift()!.text.length;
  }
  for (const wake of channel.wake) wake();
}

/** The channel as the text of a stream, from after the event `lastId`, or from now on where there is none. */
function read(channel: Channel, lastId: string | null, heartbeatMs: number, onLeave: () => void) {
  const next = cursor(channel, lastId);
  const encoder = new TextEncoder();
  let wakeUp: (() => void) | undefined;
  const wake = () => wakeUp?.();
  let left = false;
  channel.wake.add(wake);

  const pause = () =>
    new Promise<void>((resolve) => {
      const beat = setTimeout(resolve, heartbeatMs);
      wakeUp = () => {
        clearTimeout(beat);
        resolve();
      };
    });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let text = next();
        if (text === null && !channel.closed) {
          await pause();
          if (left) return;
          text = next() ?? ': still here\n\n';
        }
        if (channel.closed) controller.close();
        else controller.enqueue(encoder.encode(text!));
      },
      cancel() {
        left = true;
        wake();
        channel.wake.delete(wake);
        onLeave();
      },
    },
    // Nothing is taken from the channel before the reader wants it.
    { highWaterMark: 0 },
  );
}

/** Gives one event after another as text, null while there is none. */
function cursor(channel: Channel, lastId: string | null): () => string | null {
  const [epoch, number] = lastId?.split('.') ?? [];
  const isKnown = epoch === channel.epoch && /^\d+$/.test(number ?? '') && Number(number) <= channel.count;
  /** How many events the page has, of all since the channel began. */
  let at = isKnown ? Number(number) : channel.count;
  let missed = lastId !== null && !isKnown;
  let greeted = false;
  const frame = (name: string, data: string) => `id: ${channel.epoch}.${at}\nevent: ${name}\ndata: ${data}\n\n`;

  return () => {
    const oldest = channel.count - channel.kept.length;
    if (at < oldest) {
      at = oldest;
      missed = true;
      greeted = false;
    }
    if (!greeted) {
      const ready = frame('ready', JSON.stringify({ missed }));
      greeted = true;
      missed = false;
      return `retry: 1000\n${ready}`;
    }
    const event = channel.kept[at - oldest];
    if (!event) return null;
    at += 1;
    return frame(event.name, event.text);
  };
}
