/**
 * @file A call to the application as a part of a screen: whether it runs, how far it is, how it ended, and cancelling.
 * For settings, models, folders and exports; annotation work goes through `tools`.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Input, MethodName, Output, Progress } from '../../../src-main/contract/api.ts';
import { failureOf } from '../../document/notices.ts';
import type { Failure } from '../../document/state.ts';
import { isCancelled } from '../../host/error.ts';
import { useApp } from '../app-context.ts';

export type Call<M extends MethodName> = {
  readonly busy: boolean;
  readonly progress: Progress<M> | null;
  readonly value: Output<M> | null;
  readonly failure: Failure | null;
  /** Answers the value, or null where it failed (see `failure`), was cancelled, or a newer run took its place. */
  readonly run: (input: Input<M>) => Promise<Output<M> | null>;
  readonly cancel: () => void;
};

export function useCall<M extends MethodName>(method: M): Call<M> {
  const app = useApp();
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<Progress<M> | null>(null);
  const [value, setValue] = useState<Output<M> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);

  const run = useCallback(
    async (input: Input<M>) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const current = () => running.current === controller;
      setBusy(true);
      setFailure(null);
      setProgress(null);
      try {
        const answer = await app.host.call(method, input, {
          signal: controller.signal,
          onProgress: (step) => current() && setProgress(() => step),
        });
        if (!current()) return null;
        setValue(() => answer);
        return answer;
      } catch (thrown) {
        if (current() && !isCancelled(thrown)) setFailure(failureOf(thrown));
        return null;
      } finally {
        if (current()) {
          setBusy(false);
          setProgress(null);
        }
      }
    },
    [app, method],
  );
  return { busy, progress, value, failure, run, cancel };
}

/** Calls at once, and again when `input` is another (compared as JSON). */
export function useAnswer<M extends MethodName>(method: M, input: Input<M>): Call<M> & { readonly again: () => void } {
  const call = useCall(method);
  const { run } = call;
  const key = JSON.stringify(input);
  const again = useCallback(() => {
    run(JSON.parse(key) as Input<M>);
  }, [run, key]);
  useEffect(again, [again]);
  return { ...call, again };
}
