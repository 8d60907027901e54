/**
 * @file Changes to an ONNX graph that the published models need before they are useful here: other outputs
 * (and with them, less work), and a free batch dimension. Done on the protobuf; no runtime is involved.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { AppError } from '../../contract/errors.ts';

const { onnx } = onnxProto;

export type GraphEdit = {
  /** Names of tensors anywhere in the graph, in the order of the new outputs. */
  readonly outputs: readonly string[];
  /** Graph inputs whose first dimension becomes variable. */
  readonly freeBatch: readonly string[];
};

/**
 * A serialised ONNX model with the graph's outputs replaced, everything dropped that only the old outputs needed
 * (nodes, initialisers, inputs), and the first dimension of the inputs in `freeBatch` made variable.
 * Values that were fixed while the model was exported stay as they are: that the nodes in between cope with a
 * batch is a property of the model, and the pack's author has to check it.
 * Throws AppError 'bad-pack' for bytes that are no ONNX model, names that are not in it, and weights kept in
 * other files (the edited model lies in another folder, where they would not be found).
 */
export function editGraph(model: Uint8Array, edit: GraphEdit): Uint8Array {
  const decoded = decode(model);
  const { graph } = decoded;
  const producers = new Map<string, Onnx.INodeProto>();
  for (const node of graph.node ?? []) for (const name of node.output ?? []) producers.set(name, node);
  const givens = new Set([...(graph.input ?? []), ...(graph.initializer ?? [])].map((value) => value.name ?? ''));

  const missing = edit.outputs.filter((name) => !producers.has(name) && !givens.has(name));
  if (missing.length > 0) throw noSuchTensor(missing, 'tensor', [...producers.keys()]);

  const needed = namesNeededFor(edit.outputs, producers);
  graph.node = (graph.node ?? []).filter((node) => (node.output ?? []).some((name) => name && needed.has(name)));
  graph.initializer = (graph.initializer ?? []).filter((tensor) => needed.has(tensor.name ?? ''));
  graph.sparseInitializer = (graph.sparseInitializer ?? []).filter((tensor) => needed.has(tensor.values?.name ?? ''));
  graph.input = (graph.input ?? []).filter((input) => needed.has(input.name ?? ''));
  if (graph.initializer.some((tensor) => (tensor.externalData ?? []).length > 0)) {
    throw new AppError('bad-pack', 'The model keeps its weights in other files, so its graph cannot be edited.', {
      hint: 'Export it with its weights inside, or export it with the outputs that the pack needs and leave out "edit".',
    });
  }

  const known = new Map([...(graph.output ?? []), ...(graph.valueInfo ?? [])].map((value) => [value.name, value]));
  graph.output = edit.outputs.map((name) => withoutShape(known.get(name) ?? { name }));
  // Shapes written down for the old batch would contradict the new one; the runtime infers them again.
  graph.valueInfo = [];
  for (const name of edit.freeBatch) freeFirstDimension(graph.input, name);
  return onnx.ModelProto.encode(decoded).finish();
}

function decode(model: Uint8Array): Onnx.IModelProto & { graph: Onnx.IGraphProto } {
  let decoded: Onnx.IModelProto;
  try {
    decoded = onnx.ModelProto.decode(model);
  } catch (cause) {
    throw new AppError('bad-pack', 'The file is not a readable ONNX model.', { cause });
  }
  const { graph } = decoded;
  if (!graph?.node?.length) throw new AppError('bad-pack', 'The file is not an ONNX model: it holds no graph.');
  return Object.assign(decoded, { graph });
}

/** Every tensor name on the way from the graph's givens to `outputs`. */
function namesNeededFor(outputs: readonly string[], producers: ReadonlyMap<string, Onnx.INodeProto>): Set<string> {
  const needed = new Set<string>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const node = producers.get(name);
    if (node) open.push(...namesReadBy(node));
  }
  return needed;
}

/** Inputs of a node, and what the bodies of its If, Loop and Scan read from outside. */
function namesReadBy(node: Onnx.INodeProto): string[] {
  const names = (node.input ?? []).filter((name) => name !== '');
  for (const attribute of node.attribute ?? []) {
    for (const body of [...(attribute.g ? [attribute.g] : []), ...(attribute.graphs ?? [])]) {
      // Names that the body makes itself are harmless here: names are unique across a graph and its bodies.
      for (const inner of body.node ?? []) names.push(...namesReadBy(inner));
      for (const output of body.output ?? []) if (output.name) names.push(output.name);
    }
  }
  return names;
}

/** An output of which only name and element type are declared. The type may be unknown: float32 is what SAM gives. */
function withoutShape(value: Onnx.IValueInfoProto): Onnx.IValueInfoProto {
  const elemType = value.type?.tensorType?.elemType ?? onnx.TensorProto.DataType.FLOAT;
  return { name: value.name ?? '', type: { tensorType: { elemType } } };
}

function freeFirstDimension(inputs: readonly Onnx.IValueInfoProto[], name: string): void {
  const input = inputs.find((candidate) => candidate.name === name);
  if (!input)
    throw noSuchTensor(
      [name],
      'input',
      inputs.map((candidate) => candidate.name ?? ''),
    );
  const dimensions = input.type?.tensorType?.shape?.dim;
  if (!dimensions?.length) {
    throw new AppError('bad-pack', `The model's input "${name}" has no first dimension that could be made variable.`);
  }
  dimensions[0] = { dimParam: 'batch' };
}

function noSuchTensor(missing: readonly string[], what: string, there: readonly string[]): AppError {
  const some = there.slice(-12).join(', ') + (there.length > 12 ? `, ... (${there.length} in all)` : '');
  return new AppError('bad-pack', `The model has no ${what} named ${missing.map((name) => `"${name}"`).join(', ')}.`, {
    hint: `The pack's manifest does not fit its model. The model has: ${some}.`,
  });
}
