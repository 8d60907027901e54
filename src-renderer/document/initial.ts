/** @file The state before anything is known. */
import { z } from 'zod';
import { settingSchemas } from '../../src-main/contract/settings.ts';
import { emptyAlign } from './align.ts';
import { emptyEvaluation } from './evaluation.ts';
import { emptyPicking } from './picking.ts';
import { emptyReview } from './review.ts';
import type { ImageListState, State } from './state.ts';
import { emptyWriting } from './writing.ts';

export const emptyImages: ImageListState = {
  filterText: '',
  filter: {},
  filterError: null,
  total: null,
  pages: new Map(),
  generation: 0,
  rowSeqs: new Map(),
  failure: null,
};

export const initialState = (): State => ({
  connection: { state: 'connecting', kind: null, message: null },
  project: { info: null, known: false, recent: [], busy: null, failure: null, scan: null, counts: null },
  stage: 'annotate',
  cameFrom: null,
  review: emptyReview,
  align: emptyAlign,
  picking: emptyPicking,
  writing: emptyWriting,
  settings: z.object(settingSchemas).parse({}),
  reasoners: [],
  engine: { state: 'unknown', message: null, provider: null },
  images: emptyImages,
  open: null,
  opening: null,
  drafts: new Map(),
  asking: new Map(),
  queryTexts: new Map(),
  suggestions: new Map(),
  recentTexts: [],
  evaluation: emptyEvaluation,
  tool: 'point',
  view: { hidden: false, threshold: 0, hover: null, zoom: 1, cursor: null },
  notices: [],
  saving: { pending: 0, unstored: [], storedAt: null },
  sheet: null,
  focus: { place: 'canvas', count: 0 },
});
