/** @file Handlers of the list of images. */
import type { projectMethods } from '../contract/methods-project.ts';
import { countImages, listedImages, listImages, positionOf } from '../store/images.ts';
import { stepImage } from '../store/step-image.ts';
import type { Handlers } from './dispatcher.ts';
import { openSession, type Services } from './services.ts';

type ImageHandlers = Pick<Handlers, Extract<keyof typeof projectMethods, `images.${string}`>>;

export function imageHandlers(services: Services): ImageHandlers {
  const db = () => openSession(services).project.db;
  return {
    'images.list': async ({ filter, offset, limit }) => ({
      images: listImages(db(), filter, { offset, limit }),
      total: countImages(db(), filter),
    }),
    'images.position': async ({ imageId, filter }) => ({ position: positionOf(db(), imageId, filter) }),
    'images.step': async ({ from, step, undecided, filter }) => {
      const id = stepImage(db(), from, { step, undecided, filter });
      const image = id === null ? null : (listedImages(db(), [id])[0] ?? null);
      return { image, position: id === null ? null : positionOf(db(), id, filter) };
    },
  };
}
