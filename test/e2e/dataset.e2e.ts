/**
 * @file From COCO photos to a released benchmark of reasoning queries, as a team of three would do it in days: images chosen,
 * queries written by a model, judged by people, paired with their masks by keys on the real page; then released, and read
 * by those who would use it.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReleaseCard } from '../../src-main/contract/release.ts';
import { seededKey } from '../../src-main/dataset/seeded.ts';
import type { Report } from '../../src-main/evaluate/report.ts';
import { novo } from '../cli/command.ts';
import { launch, openPage } from './browser.ts';
import { type Plan, planAnswers } from './dataset/answers.ts';
import { installPace, paceOf } from './dataset/pace.ts';
import { sortCandidates, workThrough } from './dataset/people.ts';
import { hasPython, runReader } from './dataset/python.ts';
import { damagedLines, expectedFigures, keptShares, readSplit, rowByRow } from './dataset/released.ts';
import { type Meant, startWriter, type Writer } from './dataset/writer.ts';
import { folderHandle, type Server, saveChat, startServer, temporary } from './server.ts';
import { tellWhatWasShown } from './shown.ts';

const data = join(process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'coco-dev');
const hasData = existsSync(data);
if (!hasData) console.warn(`skipped: there are no photos in ${data} (NOVO_DATA names another folder)`);

const splits = ['train', 'val', 'test'] as const;
/** Under load a small machine takes its time; what is waited for must come all the same. */
const patient = { timeout: 60_000 };
/** Queries that two people judge; one person judges the others. */
const judgedTwice = 30;

let browser: Browser;
let server: Server;
let writer: Writer;
let page: Page;
let complaints: string[];
let home: string;
let folder: string;
let release: string;
let remove: () => Promise<void>;
/** Of texts that people have written. */
const paraphrases = new Map<string, Meant>();
let plans: Map<string, Plan>;
const told: string[] = [];

const cli = async (...args: string[]) => {
  const started = performance.now();
  const ended = await novo(args, { home: join(home, 'novo') });
  told.push(`${args.slice(0, 2).join(' ')}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return ended;
};
const meaning = (text: string): Meant => {
  const found = writer.meant.get(text) ?? paraphrases.get(text);
  if (!found) throw new Error(`nobody has written "${text}"`);
  return found;
};

beforeAll(async () => {
  if (!hasData) return;
  ({ folder: home, remove } = await temporary());
  folder = join(home, 'my-riseg');
  release = join(home, 'release');
  [writer, browser] = await Promise.all([startWriter(), launch()]);
});

afterAll(async () => {
  console.info(told.join('\n'));
  await browser?.close();
  await server?.kill('SIGTERM');
  await writer?.chat.close();
  await remove?.();
});

tellWhatWasShown();

const stage = async (number: number, name: string) => {
  await page.keyboard.press(`Shift+Digit${number}`);
  await page.getByRole('main', { name }).waitFor();
};

/** Somebody else sits down: the name is one of the settings. */
const takeOver = async (reviewer: string) => {
  await server.call('settings.write', { reviewer });
  await page.locator('tr[data-me]').getByRole('rowheader', { name: reviewer }).waitFor();
};

describe.skipIf(!hasData)('a dataset', () => {
  test('images are chosen from a COCO file with a quota for each class', async () => {
    const options = ['--per-class', '2', '--quota', 'person=4', '--min-instances', '2', '--max-instances', '6'];
    const files = ['--coco', join(data, 'instances.json'), '--images', join(data, 'images')];
    const { code, stderr } = await cli('dataset', 'select', ...files, ...options, '--total', '50', '--out', folder);
    expect(code, stderr).toBe(0);
    server = await startServer(home);
    await server.call('project.open', { folder: await folderHandle(server, 'my-riseg') });
    const { total, images } = await server.call('images.list', { limit: 100 });
    expect(total).toBe(50);
    expect(images.every(({ counts }) => counts.instances >= 2)).toBe(true);
  });

  test('a model writes queries; those that a check of the text flags are dropped by key, the others kept', async () => {
    await saveChat(server, writer.chat.baseUrl);
    ({ page, complaints } = await openPage(browser, server.address, { width: 1280, height: 800 }));
    page.setDefaultTimeout(patient.timeout);
    await page.addInitScript(installPace);
    await page.reload();
    await page.getByRole('main', { name: 'Photo' }).waitFor();
    await stage(2, 'Write queries');
    await page.getByLabel('Context, long').uncheck();
    await page.getByLabel('Context, short').check();
    await page.getByLabel('Candidates for each question').fill('1');
    await page.getByLabel('Price of what is sent').fill('1');
    await page.getByLabel('Price of what is answered').fill('10');
    await page.getByRole('status', { name: 'Estimate' }).getByText('150 questions on 50 images').waitFor();
    const asked = performance.now();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const ended = async () => (await server.call('generate.list', {})).generations[0]?.state;
    await expect.poll(ended, { timeout: 120_000 }).toBe('done');
    told.push(`generation: ${((performance.now() - asked) / 1000).toFixed(1)} s`);
    const [job] = (await server.call('generate.list', {})).generations;
    expect(job).toMatchObject({ answered: 150, failed: 0, waiting: 0 });
    expect(writer.chat.problems).toEqual([]);
    expect([...writer.troubles.keys()].sort()).toEqual(['broken', 'busy', 'cut off', 'in fences', 'no JSON']);

    await page.getByRole('button', { name: 'Back to the photo' }).click();
    const started = performance.now();
    const { kept, dropped } = await sortCandidates(page);
    const seconds = (performance.now() - started) / 1000;
    told.push(`candidates, ${await paceOf(page)}`);
    told.push(`candidates: ${kept.length} kept, ${dropped.size} dropped in ${seconds.toFixed(1)} s`);
    expect(kept.length).toBeGreaterThan(120);
    expect(dropped.size).toBeGreaterThan(20);
    // What the checks must find was found, and nothing good went with it.
    const flagged = ['leak', 'repeated', 'count'];
    expect(kept.filter((text) => flagged.includes(meaning(text).fault ?? ''))).toEqual([]);
    expect([...dropped].filter(([text]) => !flagged.includes(meaning(text).fault ?? ''))).toEqual([]);
  });

  test('people judge the queries by keys: two of them at first, a third where they differ', async () => {
    await stage(3, 'Validate queries');
    await page.getByRole('form', { name: 'Who reviews?' }).waitFor();
    await page.keyboard.type('Ann');
    await page.keyboard.press('Enter');
    await page.locator('.query-band-text').waitFor();
    const rule = page.getByRole('region', { name: 'Progress' }).locator('label');
    // The mouse leaves the keys to the stage within the click itself: a key may follow before the next frame.
    const keepsFocus = await page.evaluate(() => {
      const chosen = document.querySelector<HTMLInputElement>('[aria-label=Progress] input[type=radio]:checked')!;
      chosen.focus();
      chosen.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
      return document.activeElement === chosen;
    });
    expect(keepsFocus).toBe(false);
    await rule.filter({ hasText: '2' }).click();
    await expect.poll(async () => (await server.call('review.progress', {})).reviewersPerQuery, patient).toBe(2);

    const started = performance.now();
    const byAnn = (text: string) => {
      const { fault } = meaning(text);
      if (fault === 'vague') return ['Digit2', 'Digit3'];
      return fault === 'untrue' ? ['Digit1', 'Digit4'] : ['Enter'];
    };
    /** Ben sees less in some of them than others do. */
    const isStrict = (text: string) => seededKey(3, text) % 6 === 0;
    const byBen = (text: string) => {
      if (meaning(text).fault === 'vague') return ['KeyX', 'Digit1'];
      return isStrict(text) && byAnn(text)[0] === 'Enter' ? ['Digit2', 'Digit3'] : byAnn(text);
    };
    const annsFirst = await workThrough(page, byAnn, judgedTwice);
    expect(annsFirst).toHaveLength(judgedTwice);
    const judged = (name: string) => async () =>
      (await server.call('review.progress', {})).people.find(({ who }) => who === name)?.judged;
    await expect.poll(judged('Ann'), patient).toBe(judgedTwice);
    await takeOver('Ben');
    const bens = await workThrough(page, byBen, judgedTwice);
    expect(bens).toEqual(annsFirst);
    await expect.poll(judged('Ben'), patient).toBe(judgedTwice);
    const disputed = annsFirst.filter((text) => isStrict(text) && byAnn(text)[0] === 'Enter');
    expect((await server.call('review.progress', {})).queries.disagreements).toBe(disputed.length);
    expect(disputed.length).toBeGreaterThan(2);

    await takeOver('Cid');
    await page.keyboard.press('KeyQ');
    await page.getByText('not clear, correct').waitFor();
    expect(await workThrough(page, byAnn)).toEqual(disputed);
    await page.getByRole('heading', { name: 'Nobody disagrees' }).waitFor();
    const { agreement } = await server.call('review.progress', {});
    const same = (judgedTwice - disputed.length) / judgedTwice;
    expect(agreement.people[0]).toMatchObject({ people: ['Ann', 'Ben'] });
    expect(agreement.people[0]!.correct).toMatchObject({ observed: 1 });
    expect(agreement.clear.observed).toBeGreaterThan(same - 0.05);

    // One person for the others: some are said in other words as well.
    await takeOver('Ann');
    await rule.filter({ hasText: '1' }).click();
    await expect.poll(async () => (await server.call('review.progress', {})).reviewersPerQuery, patient).toBe(1);
    await page.keyboard.press('KeyQ');
    await page.locator('.query-band-text').waitFor();
    await page.evaluate(() => window.paces.splice(0));
    const inOtherWords = async (text: string) => {
      const other = `In other words: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
      paraphrases.set(other, { ...meaning(text), fault: 'too few named' });
      await page.keyboard.press('KeyP');
      await page.getByRole('textbox', { name: 'Paraphrase 1' }).waitFor();
      await page.keyboard.type(other);
      await page.keyboard.press('Enter');
      await page.getByText('1 paraphrase added').waitFor();
    };
    const last = await workThrough(page, (text) => {
      const isSplit = writer.meant.has(text) && byAnn(text)[0] === 'Enter' && seededKey(4, text) % 24 === 0;
      return isSplit ? [() => inOtherWords(text), 'Enter'] : byAnn(text);
    });
    told.push(`validation, ${await paceOf(page)}`);
    const seconds = (performance.now() - started) / 1000;
    told.push(`validation: ${2 * judgedTwice + disputed.length + last.length} verdicts in ${seconds.toFixed(1)} s`);
    told.push(`validation: ${disputed.length} disagreements, ${paraphrases.size} paraphrases`);
    expect(paraphrases.size).toBeGreaterThan(1);
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    const bad = [...annsFirst, ...last].filter((text) => byAnn(text)[0] !== 'Enter').length;
    const total = annsFirst.length + last.length;
    await expect
      .poll(async () => (await server.call('review.progress', {})).queries, patient)
      .toEqual({ total, passed: total - bad, failed: bad, disagreements: 0 });
  });

  test('each query gets its masks from the ground truth, most with one key', async () => {
    plans = await planAnswers(server, meaning);
    expect(plans.size).toBeGreaterThan(100);
    await stage(4, 'Align masks');
    const started = performance.now();
    let keys = 0;
    const done = await workThrough(page, (text) => {
      const { presses, ordered, instanceIds } = plans.get(text)!;
      const masks = `${instanceIds.length} mask${instanceIds.length === 1 ? '' : 's'}`;
      const confirm = page.getByRole('button', { name: `Confirm ${masks}${ordered ? ' in this order' : ''}` });
      keys += presses.length + 1;
      return [
        // The keys go to nine; masks behind those are picked in the list.
        ...presses.map((n) =>
          n <= 9
            ? `Digit${n}`
            : () =>
                page
                  .locator('.align-row')
                  .nth(n - 1)
                  .click(),
        ),
        () => confirm.waitFor(),
        'Enter',
      ];
    });
    const seconds = (performance.now() - started) / 1000;
    told.push(`alignment, ${await paceOf(page)}`);
    told.push(`alignment: ${done.length} queries with ${keys} keys in ${seconds.toFixed(1)} s`);
    expect(new Set(done)).toEqual(new Set(plans.keys()));
    await expect.poll(async () => (await server.call('project.stats', {})).queries.accepted, patient).toBe(plans.size);
    expect(complaints).toEqual([]);
    expect((await server.call('project.check', {})).findings).toEqual([]);
    await server.kill('SIGTERM');
  });

  test('a release: divided, with a card and checksums, and every answer as people have given it', async () => {
    const info = await cli('project', 'info', folder);
    expect([info.code, info.stdout.includes(`${plans.size} `)], info.stdout).toEqual([0, true]);
    const profiles = ['--profiles', 'coco,riseg,reasonseg', '--splits', 'train=0.7,val=0.15,test=0.15'];
    const card = ['--title', 'RISeg of a test', '--licence', 'CC-BY-4.0', '--by', 'Ann, Ben and Cid'];
    const made = await cli('dataset', 'release', folder, '--version', '1.0.0', '--out', release, ...profiles, ...card);
    expect(made.code, made.stderr).toBe(0);
    told.push(made.stdout.trim());
    const verified = await cli('dataset', 'verify', release, '--project', folder);
    expect(verified.code, verified.stderr).toBe(0);
    const said = JSON.parse(await readFile(join(release, 'card.json'), 'utf8')) as ReleaseCard;
    expect(said.content).toMatchObject({ queries: plans.size });
    expect(said.version).toBe('1.0.0');
    expect(await readFile(join(release, 'card.md'), 'utf8')).toContain('RISeg of a test');
    const queries = (await Promise.all(splits.map((split) => readSplit(release, split)))).flat();
    expect(queries).toHaveLength(plans.size);
    for (const { text, annotation_ids, ranks } of queries) {
      const { instanceIds, ordered } = plans.get(text)!;
      if (ordered) expect([annotation_ids, ranks], text).toEqual([instanceIds, instanceIds.map((_, at) => at + 1)]);
      else expect([...annotation_ids].sort(), text).toEqual([...instanceIds].sort());
    }
    expect(queries.filter(({ ranks }) => ranks !== undefined).length).toBeGreaterThan(2);
    expect(queries.some(({ form }) => form === 'short') && queries.some(({ form }) => form === 'long')).toBe(true);
  });

  test('evaluate: the release against itself is perfect, and known damage gives the figures that it must', async () => {
    const results = join(home, 'results');
    await mkdir(results);
    const evaluate = async (split: string, lines: string) => {
      const [file, out] = [join(results, `${split}.jsonl`), join(results, `${split}.json`)];
      await writeFile(file, lines);
      const gt = join(release, 'riseg', `${split}.json`);
      const { code, stderr } = await cli('evaluate', '--gt', gt, '--results', file, '--out', out, '--resamples', '20');
      expect(code, stderr).toBe(0);
      return (JSON.parse(await readFile(out, 'utf8')) as Report).figures;
    };
    const damage = (at: number) => keptShares[at % keptShares.length]!;
    for (const [split, share] of [
      ['test', () => 1],
      ['test', damage],
      ['train', damage],
    ] as const) {
      const queries = await readSplit(release, split);
      const found = await evaluate(split, damagedLines(queries, share));
      const wanted = expectedFigures(queries, share);
      const shown = (name: string) => found[name]?.value ?? Number.NaN;
      expect(shown('refined.gIoU')).toBeCloseTo(wanted.gIoU, 5);
      expect(shown('refined.cIoU')).toBeCloseTo(wanted.cIoU, 5);
      expect(shown('instances.AP')).toBeCloseTo(wanted.AP, 9);
      expect(shown('instances.AP50')).toBeCloseTo(wanted.AP50, 9);
      if (share !== damage) expect([wanted.gIoU, wanted.cIoU, wanted.AP]).toEqual([1, 1, 1]);
      else expect(wanted.gIoU).toBeLessThan(0.8);
    }
  });

  test.skipIf(!hasPython('the COCO file of a release', 'pycocotools.cocoeval'))(
    'pycocotools loads its COCO files, scores them against themselves, and finds the masks in the original file',
    async () => {
      for (const split of splits) {
        const file = join(release, 'coco', `${split}.json`);
        const masks = new Set((await readSplit(release, split)).flatMap(({ annotation_ids }) => annotation_ids)).size;
        expect(runReader('../coco_self.py', file)).toMatchObject({ ap: 1, annotations: masks });
        const original = join(data, 'instances.json');
        expect(runReader('coco_originals.py', file, original)).toEqual({ masks, strange: [] });
      }
    },
  );

  test.skipIf(!hasPython('ReasonSeg files'))(
    "a loader by LISA's rules reads the same masks, to the pixel",
    async () => {
      type Sample = { text: string; is_sentence: boolean; photo: boolean; target: number[]; ignore: number[] };
      for (const split of splits) {
        const samples = runReader('lisa_reader.py', join(release, 'reasonseg', split)) as Record<string, Sample>;
        const queries = await readSplit(release, split);
        const byId = new Map(
          Object.entries(samples).map(([name, sample]) => [Number(name.split('_q').at(-1)), sample]),
        );
        expect(byId.size).toBe(queries.length);
        for (const { id, text, form, whole } of queries) {
          const [height, width] = whole.size;
          const sample = { text, is_sentence: form === 'long', photo: true, width, height };
          expect(byId.get(id), text).toEqual({ ...sample, target: rowByRow(whole), ignore: [height * width] });
        }
      }
      if (!hasPython("the same with OpenCV's own filling", 'cv2')) return;
      const folderOfTest = join(release, 'reasonseg', 'test');
      expect(runReader('lisa_reader.py', folderOfTest, '--opencv')).toEqual(runReader('lisa_reader.py', folderOfTest));
    },
  );
});

/** A square of whole pixels, both ends included. */
const square = (label: string, from: number, to: number) => ({
  label,
  points: [
    [from, from],
    [to + 0.9, from],
    [to + 0.9, to + 0.9],
    [from, to],
  ],
});

test.skipIf(!hasPython('the rules of LISA'))(
  "the reader follows LISA's rules: flags, order, ignored pixels",
  async () => {
    const { folder: samples, remove: done } = await temporary();
    const write = (name: string, shapes: unknown[]) =>
      writeFile(
        join(samples, `${name}.json`),
        JSON.stringify({ text: [' what? '], is_sentence: true, width: 10, height: 10, shapes }),
      );
    await write('flag', [square('Flag', 0, 9), square('target', 0, 0)]);
    await write('small-in-large', [square('target', 2, 2), square('ignore it', 0, 9)]);
    await write('large-round-small', [square('target', 0, 9), square('IGNORE', 4, 5)]);
    // Equally large: the later one is painted first, so the earlier one is what is seen.
    await write('equal', [square('ignore', 3, 4), square('target', 3, 4)]);
    const found = runReader('lisa_reader.py', samples) as Record<string, { target: number[]; ignore: number[] }>;
    const inside = (runs: number[]) => runs.reduce((sum, run, at) => sum + (at % 2) * run, 0);
    const counts = Object.fromEntries(
      Object.entries(found).map(([name, { target, ignore }]) => [name, [inside(target), inside(ignore)]]),
    );
    expect(counts).toEqual({ equal: [0, 4], flag: [1, 0], 'large-round-small': [96, 4], 'small-in-large': [1, 99] });
    expect(found['flag']).toMatchObject({ text: 'what?', photo: false });
    await done();
  },
);
