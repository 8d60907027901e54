/** @file A batch of any length runs in the same memory. */
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../engine/scene.ts';
import { novo } from './command.ts';

const count = 20_000;
const hook = join(import.meta.dirname, '../fixtures/cli/peak-memory.mjs');

// Peak memory is reported in kilobytes on Linux only.
test.skipIf(process.platform !== 'linux')(
  '20,000 lines that carry 180 MB of maps: below 250 MB, one result each',
  async () => {
    const home = await temporaryFolder();
    const requests = join(home, 'requests.jsonl');
    const values = Array.from({ length: 24 * 24 }, (_, k) => ((k % 97) / 97).toFixed(13)).join(',');
    const file = await open(requests, 'w');
    for (let from = 0; from < count; from += 500) {
      const lines = Array.from(
        { length: 500 },
        (_, k) => `{"id":${from + k},"image":"none.jpg","grid":[24,24],"activation":[${values}]}\n`,
      );
      await file.write(lines.join(''));
    }
    const { size } = await file.stat();
    expect(size).toBeGreaterThan(180e6);
    await file.close();

    const out = join(home, 'results.jsonl');
    const peak = join(home, 'peak');
    const args = ['batch', requests, '--out', out];
    const { code, stdout } = await novo(args, { home, node: ['--import', hook], env: { NOVO_TEST_PEAK: peak } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const bytes = Number(await readFile(peak, 'utf8'));
    expect(bytes).toBeGreaterThan(30e6);
    expect(bytes).toBeLessThan(250e6);

    let next = 0;
    for await (const line of createInterface({ input: createReadStream(out) })) {
      if (!line.startsWith(`{"id":${next},"error":{"code":"not-found"`)) expect.fail(`line ${next}: ${line}`);
      next += 1;
    }
    expect(next).toBe(count);
  },
);
