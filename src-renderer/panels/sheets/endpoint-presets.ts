/**
 * @file What the form for an endpoint is filled in with: servers with their usual address, and families of models with
 * the way they write coordinates. Values and their sources: docs/endpoints.md, "Conventions".
 */
import type { CoordinateConvention, EndpointSpec, ImageRule } from '../../../src-main/contract/pack.ts';

export type ServerPreset = {
  readonly id: string;
  readonly title: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly needsKey: boolean;
  readonly note: string;
};

export const servers: readonly ServerPreset[] = [
  {
    id: 'ollama',
    title: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'qwen2.5vl:7b',
    needsKey: false,
    note: 'On this machine. Get the model with "ollama pull qwen2.5vl:7b" first.',
  },
  {
    id: 'vllm',
    title: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    model: 'Qwen/Qwen3-VL-8B-Instruct',
    needsKey: false,
    note: 'The model is the name that the server was started with.',
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    model: 'qwen2.5-vl-7b-instruct',
    needsKey: false,
    note: 'Load a model that sees images and start the server in the Developer tab.',
  },
  {
    id: 'hosted',
    title: 'Hosted service',
    baseUrl: 'https://',
    model: '',
    needsKey: true,
    note: 'Any OpenAI-compatible service. Photos are sent to it: mind what you may share.',
  },
];

export type FamilyPreset = {
  readonly id: string;
  readonly title: string;
  /** In lower-case model names, "-" and "_" left out. */
  readonly names: RegExp | null;
  readonly coordinates: CoordinateConvention;
  readonly imageRule: ImageRule;
};

const thousandths: CoordinateConvention = { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' };
const pixels: CoordinateConvention = { space: 'pixels', scale: 1, order: 'xy', boxForm: 'xyxy' };
const anySize: ImageRule = { multipleOf: 1, minPixels: 1, maxPixels: 1_254_400 };

/** The first whose name fits counts; the last fits all. */
export const families: readonly FamilyPreset[] = [
  {
    id: 'qwen2.5-vl',
    title: 'Qwen2.5-VL',
    names: /qwen2\.?5(vl|omni)/,
    coordinates: pixels,
    imageRule: { multipleOf: 28, minPixels: 3_136, maxPixels: 1_003_520 },
  },
  {
    id: 'qwen3-vl',
    title: 'Qwen3-VL and later',
    names: /qwen[3-9]/,
    coordinates: thousandths,
    imageRule: { multipleOf: 32, minPixels: 65_536, maxPixels: 1_310_720 },
  },
  {
    id: 'gemini',
    title: 'Gemini, Gemma',
    names: /gemini|gemma/,
    coordinates: { ...thousandths, order: 'yx' },
    imageRule: anySize,
  },
  {
    id: 'claude',
    title: 'Claude',
    names: /claude/,
    coordinates: pixels,
    imageRule: { multipleOf: 28, minPixels: 784, maxPixels: 1_229_312, maxSide: 1_568 },
  },
  {
    id: 'molmo',
    title: 'Molmo',
    names: /molmo(?!2)/,
    coordinates: { ...thousandths, scale: 100 },
    imageRule: anySize,
  },
  { id: 'generic', title: 'Any other (0 to 1000)', names: null, coordinates: thousandths, imageRule: anySize },
];

export function familyOf(model: string): FamilyPreset {
  const name = model.toLowerCase().replaceAll(/[-_]/g, '');
  const found = families.find(({ names }) => names?.test(name));
  return found ?? (families.at(-1) as FamilyPreset);
}

/** The family whose numbers a spec has, for the chooser of the form; null where they were changed by hand. */
export function familyOfSpec(spec: EndpointSpec): string | null {
  const same = (family: FamilyPreset) =>
    JSON.stringify(family.coordinates) === JSON.stringify(pick(spec.coordinates)) &&
    family.imageRule.multipleOf === spec.imageRule.multipleOf &&
    family.imageRule.maxPixels === spec.imageRule.maxPixels;
  return [familyOf(spec.model), ...families].find(same)?.id ?? null;
}

const pick = ({ space, scale, order, boxForm }: CoordinateConvention): CoordinateConvention => ({
  space,
  scale,
  order,
  boxForm,
});

export function specOf(server: ServerPreset): EndpointSpec {
  const { coordinates, imageRule } = familyOf(server.model);
  return {
    baseUrl: server.baseUrl,
    model: server.model,
    coordinates,
    imageRule,
    budget: { maxTokens: 4096, maxRounds: 2, maxSeconds: 120 },
  };
}
