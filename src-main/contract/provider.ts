/**
 * @file Execution providers: what a model runs on, and why not on something faster.
 */
import { z } from 'zod';

/** Fastest first; each is tried in this order where the platform has it. */
export const providers = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export const providerSchema = z.enum(providers);
export type Provider = z.infer<typeof providerSchema>;

/** `auto` tries them in order; a name tries that one, then `cpu`. */
export const providerChoiceSchema = z.enum(['auto', ...providers]);
export type ProviderChoice = z.infer<typeof providerChoiceSchema>;

export const providerReportSchema = z.object({
  /** What the models really run on. */
  used: providerSchema,
  /** What was tried before, and why each could not be used, in the runtime's own words. */
  refused: z.array(z.object({ provider: providerSchema, reason: z.string() })),
});
export type ProviderReport = z.infer<typeof providerReportSchema>;
