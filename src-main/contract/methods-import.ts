/** @file Bringing annotations of other files into the open project. */
import { z } from 'zod';
import { importFormatSchema, importReportSchema } from './import.ts';
import { folderHandleSchema } from './methods-project.ts';

export const importMethods = {
  /**
   * Adds what a file or folder holds for photos of the project; nothing is overwritten, and nothing at all is changed when
   * it is refused or cancelled. With `dryRun` it tells what would be. Pages read the project anew after it.
   */
  'project.import': {
    input: z.object({
      /** Of a listing: a COCO file, or a folder. */
      from: folderHandleSchema,
      /** Absent: found from the content, and said. */
      format: importFormatSchema.optional(),
      dryRun: z.boolean().default(false),
    }),
    output: z.object({ report: importReportSchema }),
    progress: z.object({ stage: z.enum(['read', 'write']), done: z.number(), total: z.number() }),
  },
} as const;
