/**
 * @file Every method that a host may call, once: name -> what goes in, what comes out. The dispatcher validates both
 * ways; the page, the command line and the tests are typed from here.
 */
import type { z } from 'zod';
import { alignMethods } from './methods-align.ts';
import { annotateMethods } from './methods-annotate.ts';
import { engineMethods } from './methods-engine.ts';
import { evaluateMethods } from './methods-evaluate.ts';
import { figuresMethods } from './methods-figures.ts';
import { generateMethods } from './methods-generate.ts';
import { importMethods } from './methods-import.ts';
import { modelMethods } from './methods-models.ts';
import { projectMethods } from './methods-project.ts';
import { releaseMethods } from './methods-release.ts';
import { reviewMethods } from './methods-review.ts';
import { selectMethods } from './methods-select.ts';

export type { ClickInput, ImageRef, MaskEditInput, SegmentInput } from './methods-engine.ts';
export { maskPromptSchema } from './methods-engine.ts';

type Method = {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** What is reported while the call runs. */
  readonly progress?: z.ZodType;
};

export const methods = {
  ...engineMethods,
  ...modelMethods,
  ...projectMethods,
  ...importMethods,
  ...selectMethods,
  ...annotateMethods,
  ...reviewMethods,
  ...alignMethods,
  ...generateMethods,
  ...evaluateMethods,
  ...figuresMethods,
  ...releaseMethods,
} as const satisfies Record<string, Method>;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
/** As a caller writes it: defaults may be left out. */
export type Input<M extends MethodName> = z.input<Methods[M]['input']>;
/** As a handler gets it: defaults filled in. */
export type Parsed<M extends MethodName> = z.output<Methods[M]['input']>;
export type Output<M extends MethodName> = z.output<Methods[M]['output']>;
export type Progress<M extends MethodName> = Methods[M] extends { progress: infer P extends z.ZodType }
  ? z.output<P>
  : never;
