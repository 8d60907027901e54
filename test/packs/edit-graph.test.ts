import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
// biome-ignore lint/style/noRestrictedImports: what is tested is that the runtime accepts the edited graph
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SegmenterPack } from '../../src-main/contract/pack.ts';
import { editGraph } from '../../src-main/engine/packs/edit-graph.ts';
import { editedModel } from '../../src-main/engine/packs/edited-model.ts';
import { findPack, type InstalledPack, resolveFile } from '../../src-main/engine/packs/registry.ts';

let home: string;
let installed: InstalledPack;
let decoder: SegmenterPack['segmenter']['decoder'];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'novo-edit-'));
  // The second place for copies too is this test's own: one that another program left there would be found.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, home);
  installed = await findPack('mobile-sam', { NOVO_HOME: home });
  decoder = (installed.pack as SegmenterPack).segmenter.decoder;
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The same numbers in [-1, 1) at every run. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
const tensor = (data: Float32Array | number[], dims: number[]) =>
  new ort.Tensor('float32', Float32Array.from(data), dims);
const values = (output: ort.Tensor | undefined) => output!.data as Float32Array;
const worst = (a: Float32Array, b: Float32Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe('the bundled decoder', () => {
  // Three prompts of two points and the pad point each, and a mask prompt each.
  const embeddings = noise(256 * 64 * 64, 1).map((x) => x * 0.3);
  const coords = [300, 320, 500, 420, 0, 0, 700, 200, 100, 900, 0, 0, 512, 512, 20, 30, 0, 0];
  const labels = [1, 0, -1, 1, 1, -1, 1, 0, -1];
  const masks = noise(3 * 65536, 2).map((x) => x * 8);
  const shared = { image_embeddings: tensor(embeddings, [1, 256, 64, 64]), has_mask_input: tensor([1], [1]) };
  const prompt = (i: number) => ({
    ...shared,
    point_coords: tensor(coords.slice(i * 6, i * 6 + 6), [1, 3, 2]),
    point_labels: tensor(labels.slice(i * 3, i * 3 + 3), [1, 3]),
    mask_input: tensor(masks.slice(i * 65536, (i + 1) * 65536), [1, 1, 256, 256]),
  });

  test('cut and with a free batch, answers three prompts at once as it answers each, and as the uncut one does', async () => {
    const whole = await ort.InferenceSession.create(resolveFile(installed, decoder.file));
    const cut = await ort.InferenceSession.create(await editedModel(installed, decoder, { NOVO_HOME: home }));
    expect([...cut.inputNames].sort()).toEqual(
      ['has_mask_input', 'image_embeddings', 'mask_input', 'point_coords', 'point_labels'].sort(),
    );
    expect(cut.outputNames).toEqual([decoder.outputs.masks, decoder.outputs.scores]);

    const batch = await cut.run({
      ...shared,
      point_coords: tensor(coords, [3, 3, 2]),
      point_labels: tensor(labels, [3, 3]),
      mask_input: tensor(masks, [3, 1, 256, 256]),
    });
    expect(batch[decoder.outputs.masks]!.dims).toEqual([3, decoder.outputs.tokens, 256, 256]);
    expect(batch[decoder.outputs.scores]!.dims).toEqual([3, decoder.outputs.tokens]);
    for (const i of [0, 1, 2]) {
      const single = await cut.run(prompt(i));
      const ofBatch = values(batch[decoder.outputs.masks]).slice(i * 4 * 65536, (i + 1) * 4 * 65536);
      expect(worst(ofBatch, values(single[decoder.outputs.masks]))).toBeLessThan(1e-3);
      const scores = values(batch[decoder.outputs.scores]).slice(i * 4, i * 4 + 4);
      expect(worst(scores, values(single[decoder.outputs.scores]))).toBeLessThan(1e-3);

      // Three points, pad included: Meta's export then chooses the token for unambiguous prompts.
      const uncut = await whole.run({ ...prompt(i), orig_im_size: tensor([1024, 1024], [2]) });
      const token = decoder.outputs.singleToken!;
      const logits = values(single[decoder.outputs.masks]).slice(token * 65536, (token + 1) * 65536);
      expect(worst(logits, values(uncut['low_res_masks']))).toBeLessThan(1e-3);
      expect(
        Math.abs(values(single[decoder.outputs.scores])[token]! - values(uncut['iou_predictions'])[0]!),
      ).toBeLessThan(1e-3);
    }
    await Promise.all([whole.release(), cut.release()]);
  });

  test('is cut once, and again when the copy was damaged', async () => {
    const path = await editedModel(installed, decoder, { NOVO_HOME: home });
    const { ino, mtimeMs } = await stat(path);
    expect(await editedModel(installed, decoder, { NOVO_HOME: home })).toBe(path);
    expect(await stat(path)).toMatchObject({ ino, mtimeMs });

    const content = await readFile(path);
    content[content.length >> 1]! ^= 1;
    await writeFile(path, content);
    expect(await editedModel(installed, decoder, { NOVO_HOME: home })).toBe(path);
    expect(path).toContain(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(await readdir(join(home, 'cache'))).toHaveLength(1);

    await writeFile(path, content.subarray(0, 1000));
    expect(await editedModel(installed, decoder, { NOVO_HOME: home })).toBe(path);
    expect((await stat(path)).size).toBe(content.length);
  });

  test('is kept in the temporary folder where the data folder cannot be written', async () => {
    const blocked = join(home, 'a-file');
    await writeFile(blocked, '');
    const path = await editedModel(installed, decoder, { NOVO_HOME: blocked });
    expect(path.startsWith(tmpdir())).toBe(true);
    await rm(path);
  });

  test('is refused when it is not the declared file', async () => {
    const folder = join(home, 'altered');
    await mkdir(join(folder, 'dist'), { recursive: true });
    const files = installed.pack.files.map(({ package: _, ...file }) => file);
    await writeFile(join(folder, 'dist', 'sam.onnx'), 'not the model');
    const altered: InstalledPack = { pack: { ...installed.pack, files }, folder, bundled: false };
    await expect(editedModel(altered, decoder, { NOVO_HOME: join(home, 'empty') })).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining('dist/sam.onnx'),
    });
  });

  test('a pack without an edit is loaded from its own file', async () => {
    const { edit: _, ...rest } = decoder;
    expect(await editedModel(installed, rest)).toBe(resolveFile(installed, decoder.file));
  });
});

describe('editGraph', () => {
  const { onnx } = onnxProto;
  const value = (name: string, dims: number[]): Onnx.IValueInfoProto => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const weight = (name: string): Onnx.ITensorProto => ({ name, dims: [1], dataType: 1, floatData: [2] });
  const node = (opType: string, input: string[], output: string[], attribute: Onnx.IAttributeProto[] = []) => ({
    opType,
    input,
    output,
    attribute,
  });
  /** x -> double -> { tripled (needs w3), chosen: If over c, whose bodies read `double` and `bias` from outside }. */
  const model = (change: (graph: Onnx.IGraphProto) => void = () => undefined): Uint8Array => {
    const body = (name: string): Onnx.IGraphProto => ({
      name,
      node: [node('Add', ['double', 'bias'], [name])],
      output: [{ name, type: { tensorType: { elemType: 1 } } }],
    });
    const graph: Onnx.IGraphProto = {
      name: 'g',
      input: [
        value('x', [1]),
        { name: 'c', type: { tensorType: { elemType: 9, shape: { dim: [] } } } },
        value('size', [1]),
      ],
      initializer: [weight('w2'), weight('w3'), weight('bias')],
      node: [
        node('Mul', ['x', 'w2'], ['double']),
        node('Mul', ['double', 'w3'], ['triple']),
        node('Mul', ['triple', 'size'], ['resized']),
        node(
          'If',
          ['c'],
          ['chosen'],
          [
            { name: 'then_branch', type: 5, g: body('yes') },
            { name: 'else_branch', type: 5, g: body('no') },
          ],
        ),
      ],
      output: [value('resized', [1]), value('chosen', [1])],
    };
    change(graph);
    return onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }], graph }).finish();
  };
  const graphOf = (bytes: Uint8Array) => onnx.ModelProto.decode(bytes).graph!;
  const names = (items: { name?: string | null }[] | null | undefined) => items!.map((item) => item.name);

  test('keeps just what the new outputs need', () => {
    const graph = graphOf(editGraph(model(), { outputs: ['triple'], freeBatch: ['x'] }));
    expect(names(graph.input)).toEqual(['x']);
    expect(names(graph.initializer)).toEqual(['w2', 'w3']);
    expect(graph.node!.map((n) => n.output)).toEqual([['double'], ['triple']]);
    expect(graph.input![0]!.type!.tensorType!.shape!.dim![0]!.dimParam).toBe('batch');
  });

  test('keeps what the bodies of conditions read from outside, and the result runs with a batch', async () => {
    const edited = editGraph(model(), { outputs: ['chosen'], freeBatch: ['x'] });
    expect(names(graphOf(edited).initializer)).toEqual(['w2', 'bias']);
    const session = await ort.InferenceSession.create(edited);
    const { chosen } = await session.run({ x: tensor([1, 2, 3], [3]), c: new ort.Tensor('bool', [true], []) });
    expect([...values(chosen)]).toEqual([4, 6, 8]);
    await session.release();
  });

  test('says which tensor is missing, and what there is', () => {
    const missing = (edit: { outputs: string[]; freeBatch: string[] }) => {
      try {
        editGraph(model(), edit);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    expect(missing({ outputs: ['quadruple', 'triple'], freeBatch: [] })).toMatchObject({
      code: 'bad-pack',
      message: 'The model has no tensor named "quadruple".',
      hint: expect.stringContaining('triple'),
    });
    // `size` is an input of the whole model, but nothing reads it any more.
    expect(missing({ outputs: ['triple'], freeBatch: ['size'] })).toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining('"size"'),
    });
    expect(missing({ outputs: ['chosen'], freeBatch: ['c'] })).toMatchObject({ code: 'bad-pack' });
  });

  test('refuses bytes that are no model, and weights that lie elsewhere', () => {
    const edit = { outputs: ['triple'], freeBatch: [] };
    const expectBadPack = (bytes: Uint8Array) =>
      expect(() => editGraph(bytes, edit)).toThrow(expect.objectContaining({ code: 'bad-pack' }));
    expectBadPack(new TextEncoder().encode('<!doctype html><html>not found</html>'));
    expectBadPack(new Uint8Array());
    expectBadPack(model().subarray(0, 60));
    expectBadPack(
      model((graph) => {
        graph.initializer![1] = {
          name: 'w3',
          dims: [1],
          dataType: 1,
          dataLocation: 1,
          externalData: [{ key: 'location', value: 'w.bin' }],
        };
      }),
    );
  });
});
