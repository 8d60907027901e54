/** @file One handler a method, from the files that own them. The compiler asks for those that are missing. */
import { alignHandlers } from './align.ts';
import { annotateHandlers } from './annotate.ts';
import type { Handlers } from './dispatcher.ts';
import { engineHandlers } from './engine-handlers.ts';
import { evaluateHandlers } from './evaluate.ts';
import { figuresHandlers } from './figures.ts';
import { generateHandlers } from './generate.ts';
import { importHandlers } from './import.ts';
import { modelHandlers } from './models.ts';
import { projectHandlers } from './project.ts';
import { releaseHandlers } from './release-handlers.ts';
import { reviewHandlers } from './review.ts';
import { selectHandlers } from './select.ts';
import type { Services } from './services.ts';

export function createHandlers(services: Services): Handlers {
  return {
    ...engineHandlers(services),
    ...modelHandlers(services),
    ...projectHandlers(services),
    ...importHandlers(services),
    ...selectHandlers(services),
    ...annotateHandlers(services),
    ...reviewHandlers(services),
    ...alignHandlers(services),
    ...generateHandlers(services),
    ...evaluateHandlers(services),
    ...figuresHandlers(services),
    ...releaseHandlers(services),
  };
}
