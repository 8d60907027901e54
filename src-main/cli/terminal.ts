/** @file What people see: stdout is data, stderr is progress and messages. */
import type { Progress } from '../contract/api.ts';
import type { ErrorBody } from '../contract/errors.ts';

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What a reasoner does, a line a step; an answer that is still being said goes on in its line. */
export function stepWriter(): { write(step: Progress<'segment.query'>): void; end(): void } {
  let unfinished = false;
  const end = () => {
    if (unfinished) process.stderr.write('\n');
    unfinished = false;
  };
  const write = ({ kind, text, continues }: Progress<'segment.query'>) => {
    if (!continues) end();
    process.stderr.write(continues ? text : `${kind}: ${text}`);
    unfinished = true;
  };
  return { write, end };
}

/** What happened, then what to do about it. */
export function sayError({ message, hint }: ErrorBody): void {
  say(`Error: ${message}`);
  if (hint) say(`  ${hint}`);
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 0:42, 12:05, 3:10:00. */
export function clock(totalSeconds: number): string {
  const whole = Math.max(0, Math.round(totalSeconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, k) => (k === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export type ProgressLine = { update(text: string): void; end(): void };

/** One line that rewrites itself on a terminal, and a line now and then where stderr goes to a file. */
export function progressLine(everyMs = process.stderr.isTTY ? 100 : 10_000): ProgressLine {
  let last = performance.now() - everyMs;
  let open = false;
  return {
    update(text) {
      if (performance.now() - last < everyMs) return;
      last = performance.now();
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\x1b[K${text}`);
        open = true;
      } else say(text);
    },
    end() {
      if (open) process.stderr.write('\r\x1b[K');
      open = false;
    },
  };
}
