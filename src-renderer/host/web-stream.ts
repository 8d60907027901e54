/**
 * @file The event stream of a page: opened, kept open, taken up again where it was lost. It is also how the page knows
 * whether the application is there: the host sends something every 15 seconds.
 */
import { readEvents } from './sse.ts';

export type StreamOptions = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly onEvent: (name: string, data: unknown) => void;
  /** `status` of an answer that refused the stream; null where no answer came. */
  readonly onLost: (status: number | null) => void;
  /** Longer silence than this means that the other end is gone. */
  readonly silenceMs?: number;
};

export type WebStream = {
  /** Tries again now instead of after the pause. */
  wake(): void;
  close(): void;
};

const pauses = [500, 1000, 2000, 4000] as const;

export function openStream(options: StreamOptions): WebStream {
  const { url, headers, onEvent, onLost, silenceMs = 40_000 } = options;
  const closed = new AbortController();
  let lastId: string | null = null;
  let failures = 0;
  let wake = (): void => undefined;

  async function once(): Promise<void> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silenceMs);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
    };
    try {
      const answer = await fetch(url, {
        headers: { ...headers, ...(lastId === null ? {} : { 'Last-Event-ID': lastId }) },
        signal: AbortSignal.any([closed.signal, silent.signal]),
        cache: 'no-store',
      });
      if (!answer.ok || !answer.body) {
        await answer.body?.cancel();
        return onLost(answer.status);
      }
      const body = answer.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            heard();
            controller.enqueue(chunk);
          },
        }),
      );
      await readEvents(body, ({ name, data, id }) => {
        if (id !== null) lastId = id;
        if (name === 'ready') failures = 0;
        onEvent(name, JSON.parse(data));
      });
      if (!closed.signal.aborted) onLost(null);
    } catch {
      if (!closed.signal.aborted) onLost(null);
    } finally {
      clearTimeout(timer);
    }
  }

  void (async () => {
    while (!closed.signal.aborted) {
      await once();
      if (closed.signal.aborted) return;
      const pause = pauses[Math.min(failures, pauses.length - 1)]!;
      failures += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();

  return {
    wake: () => wake(),
    close() {
      closed.abort();
      wake();
    },
  };
}
