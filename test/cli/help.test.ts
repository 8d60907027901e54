/** @file What a command prints where: stdout is data, stderr is messages, and the exit code says how it went. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../engine/scene.ts';
import { novo } from './command.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

test('help and version go to stdout and leave stderr empty', async () => {
  const home = await temporaryFolder();
  const commands = ['segment IMAGE', 'batch REQUESTS.jsonl', 'evaluate --gt FILE', 'models list', 'doctor', 'demo'];
  const runs = [['--help'], ['-h'], ['help'], [], ['segment', '--help'], ['batch', '-h'], ['--version']];
  const [long, short, word, none, segment, batch, said] = await Promise.all(runs.map((args) => novo(args, { home })));
  for (const all of [long!, short!, word!, none!]) {
    for (const command of commands) expect(all.stdout).toContain(command);
    expect(all.stderr).toBe('');
  }
  expect([long, short, word, none].map((each) => each!.code)).toEqual([0, 0, 0, 2]);
  expect(segment).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--overlay FILE.png') });
  expect(batch).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--resume') });
  expect(said).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
});

test('a wrong command is refused with exit code 2, no output, and a message that names what is wrong', async () => {
  const home = await temporaryFolder();
  const wrong: [string[], string][] = [
    [['segmnt', 'a.jpg'], 'There is no command "segmnt".\n  Commands: segment, batch, '],
    [['__proto__'], 'There is no command "__proto__".'],
    [['segment'], 'Which image?'],
    [['segment', 'a.jpg', 'b.jpg'], '"b.jpg" is too much'],
    [['segment', 'a.jpg', '--pont', '1,2'], "'--pont'"],
    [['segment', 'a.jpg', '--point', '1'], '--point is x,y or x,y,label'],
    [['segment', 'a.jpg', '--point', '1,2,7'], '--point is x,y or x,y,label'],
    [['segment', 'a.jpg', '--box', '9,9,1,1'], '--box is x1,y1,x2,y2 with x1 < x2'],
    [['segment', 'a.jpg', '--box', '1,2,three,4'], '--box is x1,y1,x2,y2 in pixels, not "1,2,three,4"'],
    [['segment', 'a.jpg', '--profile', 'fast'], '--profile is one of paper, default, not "fast"'],
    [['segment', 'a.jpg', '--prompts', 'none'], '--prompts is one of both, mask, points'],
    [['segment', 'a.jpg', '--provider', 'tpu'], '--provider is one of auto, cuda'],
    [['segment', 'a.jpg', '--threads', '0'], '--threads is a number'],
    [['segment', 'a.jpg', '--point', '1,1', '--out', './a.jpg'], '--out would take the place of the photo'],
    [['batch', 'a.jsonl'], 'needs one file of requests and --out'],
    [['batch', 'a.jsonl', '--out', './a.jsonl'], '--out would take the place of the requests'],
    [['models', 'remove'], 'There is no "models remove".'],
    [['models', 'add'], 'models add DIR'],
  ];
  const pool = [...wrong];
  const work = async () => {
    for (let next = pool.shift(); next; next = pool.shift()) {
      const [args, message] = next;
      const { code, stdout, stderr } = await novo(args, { home, cwd: home });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(/^Error: /);
      expect(stderr).toContain(message);
      expect(stderr).not.toContain('This is a bug');
      expect(stderr).not.toMatch(/\n +at /);
    }
  };
  await Promise.all([work(), work(), work()]);
});
