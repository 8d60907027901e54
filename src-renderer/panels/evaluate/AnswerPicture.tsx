/** @file One answer as a small picture: the photo, and on it what was found, missed, and too much. */
import { useEffect, useRef } from 'react';
import type { ShownAnswer } from '../../../src-main/contract/methods-evaluate.ts';
import { openAnswer } from '../../tools/evaluate.ts';
import { useApp } from '../app-context.ts';
import { perCent } from './names.ts';
import { overlayOf } from './overlay.ts';

/** Device pixels of the longer side. */
const longest = 320;

export function AnswerPicture({ answer }: { readonly answer: ShownAnswer }) {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { imageId, image, text, refined, noTarget } = answer;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { width, height, data } = overlayOf(answer, longest);
    context.canvas.width = width;
    context.canvas.height = height;
    context.putImageData(new ImageData(data, width, height), 0, 0);
  }, [answer]);
  const value = `IoU ${perCent(refined)}${noTarget ? ', nothing matches' : ''}`;
  return (
    <button
      type="button"
      className="answer"
      title={image ?? undefined}
      aria-label={`${text}: ${value}. Open ${image ?? 'the photo'}`}
      onClick={() => openAnswer(app, answer)}
    >
      <span className="answer-photo">
        {imageId === null ? null : <img src={app.host.mediaUrl(imageId, 512)} alt="" loading="lazy" decoding="async" />}
        <canvas ref={canvas} />
      </span>
      <span className="answer-text">{text}</span>
      <span className="number quiet small">{value}</span>
    </button>
  );
}
