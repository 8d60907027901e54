/** @file The forms that a project can be exported in, with what each is for, and what is told of an export's losses. */
import { z } from 'zod';

export const exportProfiles = ['coco', 'riseg', 'reasonseg', 'sa-co', 'refcoco', 'yolo-seg', 'png'] as const;
export const exportProfileSchema = z.enum(exportProfiles);
export type ExportProfile = z.infer<typeof exportProfileSchema>;

export type ProfileFacts = {
  readonly title: string;
  /** What is written: one JSON file, or a folder. */
  readonly target: 'file' | 'folder';
  /** Its readers look for the photos beside the labels. */
  readonly photos: boolean;
  /** One sentence each: whom it is for, and what is lost in it. */
  readonly use: string;
  readonly cannot: string;
};

export const profileFacts: Readonly<Record<ExportProfile, ProfileFacts>> = {
  coco: {
    title: 'COCO with queries',
    target: 'file',
    photos: false,
    use: 'Standard COCO, with a list of queries beside it that names the annotations of each answer: for tools that know COCO, and for coming back here.',
    cannot: 'No answer loses anything: masks are exact, and the queries carry their order, marks and notes.',
  },
  riseg: {
    title: 'RISeg',
    target: 'file',
    photos: false,
    use: 'A benchmark of instance reasoning as in the paper: images with their queries, the instance masks of each answer, categories and reasoning types.',
    cannot:
      'Only what a benchmark asks: no images without a query, no masks that answer none, no notes, scores or reviewers.',
  },
  reasonseg: {
    title: 'ReasonSeg',
    target: 'folder',
    photos: true,
    use: 'One photo and one JSON file a query, as LISA and its followers load them for training and evaluation.',
    cannot:
      'An answer becomes one mask, exact to the pixel: instances, their order, categories and reasoning types are lost.',
  },
  'sa-co': {
    title: 'SA-Co',
    target: 'file',
    photos: false,
    use: 'One image entry a query, with its masks, in the form of SA-Co/Gold: for SAM 3 and its evaluation.',
    cannot: 'A mask that answers several queries is repeated; order, notes and masks that answer none are lost.',
  },
  refcoco: {
    title: 'RefCOCO and gRefCOCO',
    target: 'folder',
    photos: false,
    use: 'References beside a COCO file, as the loaders REFER (one instance) and G_REFER (several, or none) read them.',
    cannot: 'Order, reasoning types, notes and masks that answer no query are lost.',
  },
  'yolo-seg': {
    title: 'YOLO segmentation',
    target: 'folder',
    photos: true,
    use: 'Photos and one text file of polygons each, with a data.yaml: for training a detector on the categories.',
    cannot: 'No queries. A mask is one polygon: its parts are joined by a line, its holes are cut open.',
  },
  png: {
    title: 'PNG masks',
    target: 'folder',
    photos: false,
    use: 'Two pictures a query, its mask and its numbered instances, with a list of the queries: for code that wants pixels.',
    cannot: 'Where instances of one answer overlap, a pixel of the numbered picture belongs to the smaller one.',
  },
};

/** Something that the format cannot hold, counted. */
export const lossSchema = z.object({
  what: z.string(),
  count: z.int().min(0),
  /** For people, the count included. */
  text: z.string(),
});
export type Loss = z.infer<typeof lossSchema>;

/** Masks as the readers of the format get them: how many are the project's to the pixel, and IoU of the worst and on average. */
export const exportFidelitySchema = z.object({
  masks: z.int().min(0),
  exact: z.int().min(0),
  worst: z.number().min(0).max(1),
  mean: z.number().min(0).max(1),
});
export type ExportFidelity = z.infer<typeof exportFidelitySchema>;
