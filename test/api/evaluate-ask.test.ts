/** @file What is kept of a real answer is enough to evaluate it: also after it was accepted, and asked again. */
import { expect, test } from 'vitest';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { startServer } from '../endpoint/server.ts';
import { mugBox, sceneSize } from '../engine/scene.ts';
import { memoryKeychain, openBench } from './annotate-app.ts';

const { width, height } = sceneSize;
const [x1, y1, x2, y2] = mugBox;
const thousandths = [x1 / width, y1 / height, x2 / width, y2 / height].map((share) => Math.round(1000 * share));

test('asked, accepted, asked again without a new proposal: both answers are whole', async () => {
  const server = await startServer([`[{"bbox_2d": ${JSON.stringify(thousandths)}, "label": "mug"}]`]);
  try {
    const { call, images } = await openBench({ keychain: memoryKeychain() });
    const endpoint = endpointSpecFor(server.baseUrl, 'qwen3-vl');
    await call('endpoints.save', { id: 'chat', title: 'Chat', endpoint });
    const { queryId } = await call('query.add', { imageId: images[0], text: 'what could one drink from?' });
    await call('query.ask', { queryId, reasoner: 'chat' });
    await call('proposal.acceptAll', { queryId });
    expect(await call('query.ask', { queryId, reasoner: 'chat' })).toMatchObject({ proposals: 0, duplicates: 1 });
    const { models } = await call('evaluate.choices', {});
    const model = { pack: 'mobile-sam', reasoner: 'chat', profile: 'default' };
    expect(models.map((each) => [each.model, each.queries])).toEqual([[model, 1]]);
    const evaluated = { kind: 'model' as const, model };
    const { figures, identical, notes, worst } = await call('evaluate.run', { evaluated, resamples: 10 });
    expect(notes).toEqual([]);
    expect(identical).toEqual({ masks: 1, of: 1 });
    expect(figures['refined.gIoU']!.value).toBeGreaterThan(0.99);
    expect(figures['semantic.gIoU']!.value).toBeGreaterThan(0.5);
    expect(figures['instances.AP50']!.value).toBeCloseTo(1, 5);
    expect(worst).toMatchObject([{ queryId, imageId: images[0] }]);
  } finally {
    await server.close();
  }
});
