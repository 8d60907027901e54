/** @file The methods that change nothing: asked again without harm when their answer was lost. */
import type { MethodName } from '../../src-main/contract/api.ts';

export const reads: ReadonlySet<MethodName> = new Set<MethodName>([
  'project.state',
  'project.recent',
  'project.stats',
  'project.suggestions',
  'folders.list',
  'images.list',
  'select.state',
  'select.find',
  'select.images',
  'images.position',
  'images.step',
  'image.read',
  'image.encode',
  'queries.recent',
  'categories.list',
  'segment.click',
  'mask.edit',
  'engine.status',
  'models.list',
  'endpoints.list',
  'reasoners.list',
  'settings.read',
  'evaluate.choices',
]);
