/**
 * @file What was acknowledged is on the disk, whenever the process dies.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listEvents } from '../../src-main/store/events.ts';
import { openProject } from '../../src-main/store/project.ts';
import { queriesOf } from '../../src-main/store/queries.ts';
import { addRecords, kept, newProject } from './helper.ts';

/**
 * Runs the child, kills it some milliseconds after it said so many lines (the first says that the project is open),
 * and returns the ids it acknowledged.
 */
function killed(folder: string, lines: number, afterMs: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'durability-child.ts'), folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let armed = false;
    child.stdout.on('data', (data) => {
      output += data;
      if (armed || output.split('\n').length <= lines) return;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended with ${code}: ${errors}`));
      else resolve(output.split('\n').slice(1, -1).map(Number));
    });
  });
}

/** One project whose writer is killed again and again. */
async function killedProject(times: number): Promise<void> {
  const project = await newProject();
  addRecords(project.db, ['a.jpg']);
  await project.close();
  const acknowledged: number[] = [];
  for (let i = 0; i < times; i++) acknowledged.push(...(await killed(project.folder, 1 + (i % 3), Math.random() * 30)));
  const after = kept(await openProject(project.folder, { backupEveryMs: 0 }));
  const stored = new Set(queriesOf(after.db, 1).map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(times / 2);
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  // At most the action in flight is there without having been acknowledged; none is there by half.
  expect(stored.size - acknowledged.length).toBeLessThanOrEqual(times);
  const told = listEvents(after.db, { limit: 1e6 }).filter(({ what }) => what === 'query.add');
  expect(told.map(({ queryId }) => queryId)).toEqual([...stored]);
}

test('40 times kill -9 while actions are stored: all that were acknowledged are there, whole', async () => {
  await Promise.all([killedProject(20), killedProject(20)]);
});
