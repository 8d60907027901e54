/** @file Real ONNX graphs of a few nodes, for what the runtime says to names, types and shapes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll } from 'vitest';

const { onnx } = onnxProto;
const types = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const;

/** A name with a type and a shape; a text in the shape is a size that is free. */
export type Port = { name: string; type: keyof typeof types; shape: (number | string)[] };

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A fresh folder, removed after the tests of the file. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-engine-'));
  folders.push(folder);
  return folder;
}

const port = ({ name, type, shape }: Port) => ({
  name,
  type: {
    tensorType: {
      elemType: types[type],
      shape: { dim: shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
    },
  },
});

export type Node = { op: string; inputs: string[]; output: string };

/** Writes a graph and gives its path. */
export async function writeModel(inputs: Port[], nodes: Node[], outputs: Port[]): Promise<string> {
  const model = onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'tiny',
      input: inputs.map(port),
      output: outputs.map(port),
      node: nodes.map(({ op, inputs: input, output }) => ({ opType: op, input, output: [output] })),
    },
  }).finish();
  const file = join(await temporary(), 'tiny.onnx');
  await writeFile(file, model);
  return file;
}

/** A graph that gives each of its inputs back as `<name>_out`: it takes what fits the declaration and nothing else. */
export function writeEcho(inputs: Port[]): Promise<string> {
  return writeModel(
    inputs,
    inputs.map(({ name }) => ({ op: 'Identity', inputs: [name], output: `${name}_out` })),
    inputs.map((input) => ({ ...input, name: `${input.name}_out` })),
  );
}
