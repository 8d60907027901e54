/** @file The stages of a project: whole screens, in the order in which a dataset is made. */

export const stageNames = ['select', 'queries', 'review', 'align', 'annotate', 'figures', 'evaluate'] as const;
export type StageName = (typeof stageNames)[number];

/** As they are called on the screen. */
export const stageTitles: Readonly<Record<StageName, string>> = {
  select: 'Select images',
  queries: 'Write queries',
  review: 'Validate',
  align: 'Align masks',
  annotate: 'Annotate',
  figures: 'Figures',
  evaluate: 'Evaluate',
};
