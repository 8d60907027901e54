/**
 * @file What the schema cannot say of a `llava-seg` manifest: that its files are declared and that its parts fit each other.
 */
import type { LlavaSpec } from '../../contract/pack.ts';

/** One line for each thing that is wrong. `declared` are the paths of the manifest's files. */
export function llavaProblems(spec: LlavaSpec, declared: readonly string[]): string[] {
  const problems: string[] = [];
  const files = {
    'tokenizer.file': spec.tokenizer.file,
    'tokenizer.config': spec.tokenizer.config,
    'vision.file': spec.vision.file,
    'embedTokens.file': spec.embedTokens.file,
    'languageModel.file': spec.languageModel.file,
    'decoder.file': spec.decoder?.file ?? null,
  };
  for (const [field, file] of Object.entries(files)) {
    if (file !== null && !declared.includes(file))
      problems.push(`  llava.${field}: "${file}" is not among the declared files`);
  }
  for (const part of ['{query}', spec.imageToken.text]) {
    const count = spec.template.split(part).length - 1;
    if (count !== 1) problems.push(`  llava.template: must contain ${part} once, and contains it ${count} times`);
  }
  if (spec.template.trimEnd().endsWith(spec.imageToken.text)) {
    problems.push(`  llava.template: text must follow ${spec.imageToken.text}, since the answer begins after it`);
  }
  if (spec.imageToken.id === spec.segToken.id) problems.push('  llava.segToken.id: is the id of the image token');
  if (spec.endTokens.includes(spec.segToken.id)) problems.push('  llava.endTokens: hold the segment token');
  const cells = spec.grid[0] * spec.grid[1];
  const needed = cells + spec.maxNewTokens;
  if (needed >= spec.contextLength) {
    problems.push(
      `  llava.contextLength: ${spec.contextLength} tokens are too few for ${cells} of the image and ${spec.maxNewTokens} of the answer`,
    );
  }
  if (spec.decoder && spec.decoder.inputs.maskInput === null) {
    problems.push('  llava.decoder.inputs.maskInput: a decoder without a mask prompt cannot use a similarity map');
  }
  return problems;
}
