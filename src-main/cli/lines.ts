/** @file Lines of a file that may be larger than memory. */
export { type Line, readLines } from '../files/lines.ts';
