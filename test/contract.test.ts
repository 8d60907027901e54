import { expect, test } from 'vitest';
import { AppError, fromErrorBody, toErrorBody } from '../src-main/contract/errors.ts';

test('an expected error crosses a border whole, a bug keeps its message, an abort reads as cancelled', () => {
  const body = toErrorBody(new AppError('bad-image', 'photo.jpg is not an image.', { hint: 'Remove it.' }));
  expect(body).toEqual({ code: 'bad-image', message: 'photo.jpg is not an image.', hint: 'Remove it.' });
  expect(fromErrorBody(body)).toMatchObject(body);
  expect(toErrorBody(new TypeError('x is undefined'))).toEqual({ code: 'internal', message: 'x is undefined' });
  expect(toErrorBody(AbortSignal.abort().reason).code).toBe('cancelled');
});
