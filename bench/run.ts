/**
 * @file `npm run bench [-- NAME]`: runs the named bench, or all. A bench prints a table of ratios against another
 * implementation, measured in the same run on the same machine, so that the figures hold on any machine.
 */
const benches: Readonly<Record<string, () => Promise<{ bench: () => Promise<void> }>>> = {
  masks: () => import('./masks.ts'),
  click: () => import('./click.ts'),
  'clicks-noc': () => import('./clicks-noc.ts'),
  decoder: () => import('./decoder.ts'),
  'coco-eval': () => import('./coco-eval.ts'),
  'coco-import': () => import('./coco-import.ts'),
  export: () => import('./export.ts'),
  query: () => import('./query.ts'),
  'refine-ceiling': () => import('./refine-ceiling.ts'),
};

const name = process.argv[2];
if (name !== undefined && !Object.hasOwn(benches, name)) {
  console.error(`There is no bench "${name}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
for (const [key, load] of Object.entries(benches)) {
  if (name === undefined || name === key) await (await load()).bench();
}
