/** @file Every event that a host sends to its pages, once: name -> what it carries. */
import { z } from 'zod';
import { generationSchema } from './generate.ts';
import { changedSchema } from './methods-annotate.ts';
import { projectInfoSchema, scanResultSchema } from './methods-project.ts';
import { idSchema } from './records.ts';
import { settingSchemas } from './settings.ts';

export const events = {
  /** Annotations were changed, by whatever page. */
  'project.changed': changedSchema,
  /** A project was opened, closed, or its folders of photos look different. */
  'project.state': z.object({ project: projectInfoSchema.nullable() }),
  /** The list of images has other images than before; while photos are read it comes about once a second. */
  'images.changed': z.object({ session: z.string(), total: z.int() }),
  'scan.done': z.object({ session: z.string(), result: scanResultSchema }),
  /** How far a job of query generation is; `imageIds` have new candidates since the last time. */
  'generate.state': z.object({
    session: z.string(),
    generation: generationSchema,
    imageIds: z.array(idSchema),
  }),
  /** What the inference process does. `crashed` comes with what to tell people; it is started again by itself. */
  'engine.state': z.object({ state: z.enum(['starting', 'ready', 'crashed']), message: z.string().nullable() }),
  'settings.changed': z.object(settingSchemas),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof events;
export type EventData<N extends EventName> = z.output<(typeof events)[N]>;
/** Sends an event to all pages. */
export type Publish = <N extends EventName>(name: N, data: EventData<N>) => void;
