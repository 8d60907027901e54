/** @file The stages of a project: whole screens, in the order in which a dataset is made. */

export const stageNames = ['select', 'queries', 'review', 'annotate', 'figures'] as const;
export type StageName = (typeof stageNames)[number];

/** As they are called on the screen. */
export const stageTitles: Readonly<Record<StageName, string>> = {
  select: 'Select images',
  queries: 'Write queries',
  review: 'Validate',
  annotate: 'Annotate',
  figures: 'Figures',
};
