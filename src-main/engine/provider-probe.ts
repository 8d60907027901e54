/**
 * @file Chooses an execution provider by trying: one that is listed may still throw at creation, fail at its first
 * run, or take the process along. The reason of every refusal is kept for people to read.
 */
import { AppError } from '../contract/errors.ts';
import type { Provider, ProviderChoice, ProviderReport } from '../contract/provider.ts';

export type Probe<T> = { readonly value: T; readonly report: ProviderReport };

/** Which providers to try, in order; `cpu` is always the last. */
export function candidates(choice: ProviderChoice, known: readonly Provider[]): Provider[] {
  const wanted: readonly Provider[] = choice === 'auto' ? known : [choice];
  return [...wanted.filter((provider) => provider !== 'cpu'), 'cpu'];
}

/**
 * The first candidate for which `open` succeeds (it should also run the model once). `crashed` are providers that
 * ended an earlier engine process while they were tried. `onTry` is told before each attempt, so that the parent
 * knows what was being tried if this process dies. Throws what the last candidate threw.
 */
export async function openWithFallback<T>(
  choice: ProviderChoice,
  known: readonly Provider[],
  open: (provider: Provider) => Promise<T>,
  options: { crashed?: readonly Provider[]; onTry?: (provider: Provider | null) => void } = {},
): Promise<Probe<T>> {
  const refused: { provider: Provider; reason: string }[] = [];
  for (const provider of candidates(choice, known)) {
    if (provider !== 'cpu' && !known.includes(provider)) {
      refused.push({ provider, reason: 'this build of ONNX Runtime does not have it on this platform' });
      continue;
    }
    if (provider !== 'cpu' && options.crashed?.includes(provider)) {
      refused.push({ provider, reason: 'it ended the inference process when it was tried before' });
      continue;
    }
    options.onTry?.(provider);
    try {
      const value = await open(provider);
      return { value, report: { used: provider, refused } };
    } catch (error) {
      if (provider === 'cpu') throw error;
      refused.push({ provider, reason: reasonOf(error) || 'it gave no reason' });
    } finally {
      options.onTry?.(null);
    }
  }
  throw new AppError('internal', 'no execution provider is left to try');
}

/** The first line of the runtime's message, without the place in its sources that it starts with. */
function reasonOf(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).trim().split('\n')[0]!;
  return line
    .replace(/^\/\S+:\d+ .*?\bwas false\. /, '')
    .replace(/^OrtSessionOptionsAppendExecutionProvider_\w+: /, '')
    .slice(0, 200);
}
