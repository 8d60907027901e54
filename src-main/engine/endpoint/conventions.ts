/**
 * @file How the model families that are in use write coordinates, and the question that fits each: presets for setting
 * an endpoint up. What an endpoint then does is decided by its own spec alone.
 */
import type { CoordinateConvention, EndpointSpec, ImageRule } from '../../contract/pack.ts';

export type Convention = {
  readonly title: string;
  readonly coordinates: CoordinateConvention;
  readonly imageRule: ImageRule;
  /** With `{query}`, and `{width}` and `{height}` of the image as sent. */
  readonly prompt: string;
};

const thousandths: CoordinateConvention = { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' };
const thousandthsYx: CoordinateConvention = { ...thousandths, order: 'yx' };
// `scale` has no meaning for pixels; 1 keeps the schema simple.
const pixels: CoordinateConvention = { space: 'pixels', scale: 1, order: 'xy', boxForm: 'xyxy' };

/** Relative answers do not depend on the size, so the image only has to fit what servers take without shrinking it. */
const free: ImageRule = { multipleOf: 1, minPixels: 1, maxPixels: 1_254_400 };

function jsonPrompt(example: string, frame: string): string {
  return [
    'Find every thing in the image that answers this query: "{query}"',
    'The query may need reasoning. Decide first what it means in this image, then locate each matching thing by itself.',
    `Answer with a JSON list only: ${example} ${frame}`,
    'If nothing in the image matches, answer with an empty list: []',
  ].join('\n');
}

const boxPrompt = jsonPrompt(
  '[{"bbox_2d": [x1, y1, x2, y2], "label": "short name"}].',
  'x1, y1 is the top left corner and x2, y2 the bottom right corner, as integers from 0 to 1000 relative to the image width and height.',
);
const pixelPrompt = jsonPrompt(
  '[{"bbox_2d": [x1, y1, x2, y2], "label": "short name"}].',
  'x1, y1 is the top left corner and x2, y2 the bottom right corner, in pixels of this image, which is {width} pixels wide and {height} pixels high.',
);
const yFirstPrompt = jsonPrompt(
  '[{"box_2d": [ymin, xmin, ymax, xmax], "label": "short name"}].',
  'Coordinates are integers from 0 to 1000 relative to the image height and width.',
);

// The table with its reasons is in docs/endpoints.md.
export const conventions = {
  // Qwen2-VL paper and repository: <|box_start|>(x1,y1),(x2,y2)<|box_end|> in [0, 1000); qwen-vl-utils IMAGE_FACTOR 28.
  'qwen2-vl': {
    title: 'Qwen2-VL',
    coordinates: thousandths,
    imageRule: { multipleOf: 28, minPixels: 3_136, maxPixels: 1_003_520 },
    prompt: boxPrompt,
  },
  // QwenLM/Qwen2.5-VL spatial understanding cookbook: bbox_2d and point_2d in pixels of the smart_resize'd image.
  // Limits are those of the cookbook's examples (MIN 4 x 28 x 28, MAX 1280 x 28 x 28), below what servers set.
  'qwen2.5-vl': {
    title: 'Qwen2.5-VL',
    coordinates: pixels,
    imageRule: { multipleOf: 28, minPixels: 3_136, maxPixels: 1_003_520 },
    prompt: pixelPrompt,
  },
  // QwenLM/Qwen3-VL 2D grounding cookbook: bbox_2d / 1000 x side; patch 16 x merge 2 = factor 32.
  'qwen3-vl': {
    title: 'Qwen3-VL and later',
    coordinates: thousandths,
    imageRule: { multipleOf: 32, minPixels: 65_536, maxPixels: 1_310_720 },
    prompt: boxPrompt,
  },
  // OpenGVLab/InternVL documentation, grounding: <ref>class</ref><box>[[x1, y1, x2, y2]]</box> in 0 to 1000.
  internvl: {
    title: 'InternVL 2 and later',
    coordinates: thousandths,
    imageRule: free,
    prompt: [
      'Find every thing in the image that answers this query: "{query}"',
      'Answer with one line for each: <ref>short name</ref><box>[[x1, y1, x2, y2]]</box>, integers from 0 to 1000 relative to the image width and height.',
      'If nothing in the image matches, answer with: []',
    ].join('\n'),
  },
  // allenai/Molmo model card: <point x="63.5" y="44.5" alt="..."> in percent. It points and draws no boxes.
  molmo: {
    title: 'Molmo',
    coordinates: { ...thousandths, scale: 100 },
    imageRule: free,
    prompt: 'Point to everything in the image that answers this query: "{query}" If nothing matches, answer: none.',
  },
  // allenai/Molmo2 model card: <points coords="1 1 073 160 2 173 600"> in thousandths.
  molmo2: {
    title: 'Molmo 2',
    coordinates: thousandths,
    imageRule: free,
    prompt: 'Point to everything in the image that answers this query: "{query}" If nothing matches, answer: none.',
  },
  // ai.google.dev, Gemini API, image understanding: box_2d [ymin, xmin, ymax, xmax] and point [y, x], 0 to 1000.
  gemini: { title: 'Gemini', coordinates: thousandthsYx, imageRule: free, prompt: yFirstPrompt },
  // Gemma 3 and 4 follow Gemini's box_2d on a 1000 x 1000 grid (model discussions; not a documented promise).
  gemma: { title: 'Gemma 3 and 4', coordinates: thousandthsYx, imageRule: free, prompt: yFirstPrompt },
  // zai-org/GLM-V grounding: x = round(x_pixel / W x 1000), inside <|begin_of_box|> ... <|end_of_box|>.
  'glm-4v': { title: 'GLM-4.1V and later', coordinates: thousandths, imageRule: free, prompt: boxPrompt },
  // ByteDance Seed / Doubao vision guides: <bbox>x1 y1 x2 y2</bbox> and <point>x y</point> in 0 to 1000.
  doubao: { title: 'Doubao, Seed-VL', coordinates: thousandths, imageRule: free, prompt: boxPrompt },
  // openbmb/MiniCPM-V documentation, grounding: <box>x1 y1 x2 y2</box> in 0 to 1000.
  'minicpm-v': { title: 'MiniCPM-V', coordinates: thousandths, imageRule: free, prompt: boxPrompt },
  // Anthropic, "Coordinates and bounding boxes": absolute pixels of the image that the model sees; sides of at most
  // 1568 px and at most 1568 patches of 28 x 28 px are not resized, and multiples of 28 are not padded.
  claude: {
    title: 'Claude',
    coordinates: pixels,
    imageRule: { multipleOf: 28, minPixels: 784, maxPixels: 1_229_312, maxSide: 1_568 },
    prompt: pixelPrompt,
  },
  // google-research/big_vision PaliGemma: <locYYYY><locXXXX><locYYYY><locXXXX> label, 1024 bins. No reasoning.
  paligemma: {
    title: 'PaliGemma (detects phrases only)',
    coordinates: { ...thousandthsYx, scale: 1024 },
    imageRule: free,
    prompt: 'detect {query}',
  },
  // microsoft/Florence-2 processing_florence2.py: label<loc_x1><loc_y1><loc_x2><loc_y2>, 1000 bins. No reasoning.
  'florence-2': {
    title: 'Florence-2 (detects phrases only)',
    coordinates: thousandths,
    imageRule: free,
    prompt: 'Locate the phrases in the caption: {query}',
  },
  // A model of which nothing is known: thousandths are what most families are trained on, and the prompt says so.
  generic: { title: 'Any other model', coordinates: thousandths, imageRule: free, prompt: boxPrompt },
} as const satisfies Record<string, Convention>;

export type ConventionName = keyof typeof conventions;

// The first pattern that fits the lower-case model name wins, so later generations stand before their family.
const guesses: readonly (readonly [RegExp, ConventionName])[] = [
  [/qwen-?2[.-]?5-?(vl|omni)/, 'qwen2.5-vl'],
  [/qwen-?2-?vl/, 'qwen2-vl'],
  [/qwen-?(3|[4-9])|qwen-?vl|qvq/, 'qwen3-vl'],
  [/intern-?(vl|s1)/, 'internvl'],
  [/molmo-?(2|point)/, 'molmo2'],
  [/molmo/, 'molmo'],
  [/paligemma/, 'paligemma'],
  [/gemini/, 'gemini'],
  [/gemma/, 'gemma'],
  [/glm-?[4-9](\.\d)?-?v|glm.*vision/, 'glm-4v'],
  [/doubao|seed-?\d|seed.*vl|ui-tars/, 'doubao'],
  [/minicpm/, 'minicpm-v'],
  [/claude/, 'claude'],
  [/florence/, 'florence-2'],
];

/**
 * The preset that a model's name suggests ("qwen2.5vl:7b", "Qwen/Qwen3-VL-8B-Instruct", "gemini-2.5-pro"); `generic`
 * for an unknown name. A guess for the set-up screen: fine-tuned models may differ from their family.
 */
export function presetFor(modelName: string): ConventionName {
  const name = modelName.slice(0, 200).toLowerCase().replaceAll('_', '-');
  return guesses.find(([pattern]) => pattern.test(name))?.[1] ?? 'generic';
}

/** A complete spec for a server and a model, made from the preset that the name suggests or from `preset`. */
export function endpointSpecFor(
  baseUrl: string,
  model: string,
  options: { preset?: ConventionName; keyVariable?: string } = {},
): EndpointSpec {
  const { coordinates, imageRule, prompt }: Convention = conventions[options.preset ?? presetFor(model)];
  return {
    baseUrl,
    model,
    ...(options.keyVariable === undefined ? {} : { keyVariable: options.keyVariable }),
    coordinates,
    imageRule,
    prompt,
    // 4096 tokens hold 100 boxes with labels, or a long thought before a few (SAM 3 Agent uses the same).
    budget: { maxTokens: 4096, maxRounds: 2, maxSeconds: 120 },
  };
}

/** How a spec's numbers are described to the model and to people: "integers from 0 to 1000 as [x1, y1, x2, y2]". */
export function describeCoordinates({ space, scale, order, boxForm }: CoordinateConvention): string {
  const corners = order === 'xy' ? '[x1, y1, x2, y2]' : '[y1, x1, y2, x2]';
  const sides = order === 'xy' ? '[x, y, width, height]' : '[y, x, height, width]';
  const numbers = space === 'pixels' ? 'pixels of the image as sent' : `numbers from 0 to ${scale} across the image`;
  return `${numbers}, written ${boxForm === 'xyxy' ? corners : sides}`;
}

/** The question of a spec without a prompt of its own. */
function defaultPrompt(coordinates: CoordinateConvention): string {
  const size = coordinates.space === 'pixels' ? ' The image is {width} pixels wide and {height} pixels high.' : '';
  return jsonPrompt(
    '[{"box": [...], "label": "short name"}].',
    `Each box is in ${describeCoordinates(coordinates)}.${size}`,
  );
}

/** The question for one query, for an image sent at `sent` pixels. The query is put in as it is, whatever it holds. */
export function questionFor(spec: EndpointSpec, query: string, sent: { width: number; height: number }): string {
  const values: Record<string, string> = {
    query: query.trim(),
    width: String(sent.width),
    height: String(sent.height),
  };
  const template = spec.prompt ?? defaultPrompt(spec.coordinates);
  return template.replaceAll(/\{(query|width|height)\}/g, (_, name: string) => values[name]!);
}
