/** @file The method of figures: what is in the dataset, and what the work has cost. */
import { z } from 'zod';
import { figuresSchema } from './figures.ts';
import { queryStatuses } from './records.ts';

export const figuresMethods = {
  /** Read in one snapshot, beside other work. */
  'project.figures': {
    input: z.object({
      /** Queries that are counted. */
      statuses: z.array(z.enum(queryStatuses)).min(1).max(queryStatuses.length).default(['accepted']),
    }),
    output: figuresSchema,
  },
} as const;
