/**
 * @file COCO's compressed string of runs, both ways (cocoapi, maskApi.c `rleToString`, `rleFrString`). From the
 * fourth run on, the difference to the run before last is written, in groups of 5 bits, lowest first, as characters
 * 48 to 111; bit 32 says that a group follows.
 *
 * Every mask that crosses a border passes here, so the loops are lean: faults are collected in bits on the way, and
 * looked for a second time only when there are any. Small strings go through buffers that are kept.
 */
import { AppError } from './errors.ts';

/** Six groups hold every difference of two runs of the largest mask (2^28 pixels), sign included. */
const groupsPerRun = 6;
const keptRuns = 1 << 16;
const keptText = new Uint8Array(groupsPerRun * keptRuns + 2);
const toText = new TextDecoder();
const toBytes = new TextEncoder();

/** Runs as COCO's compressed string; each run must be less than 2^29. */
export function runsToString(runs: Uint32Array): string {
  const text = runs.length <= keptRuns ? keptText : new Uint8Array(runs.length * groupsPerRun + 1);
  let length = 0;
  let before = 0; // the last run, and the one before it
  let beforeLast = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]! | 0;
    let value = i > 2 ? (run - beforeLast) | 0 : run;
    beforeLast = before;
    before = run;
    // One or two groups without a branch, which could only be guessed; two are enough for -512 to 511.
    while ((value + 512) >>> 0 > 1023) {
      text[length++] = (value & 31) + 80;
      value >>= 5;
    }
    const beyond = (value + 16) & ~31; // 0 when one group is enough
    const more = (beyond | -beyond) >>> 31;
    text[length] = (value & 31) + 48 + (more << 5);
    text[length + 1] = ((value >> 5) & 31) + 48;
    length += 1 + more;
  }
  return toText.decode(text.subarray(0, length));
}

/** What a string says: its runs, their sum in pixels, and how many of them after the first are 0. */
export type ParsedRuns = { readonly runs: Uint32Array; readonly total: number; readonly empty: number };

/**
 * The runs of a compressed string. Memory is bounded by the length of the string.
 * @param kept a buffer for short results: `runs` is then a view of it, good until the buffer is used again.
 * @throws AppError bad-request when a character is not one of the 64, a number is cut off, too large or negative.
 */
export function parseRuns(counts: string, kept?: Uint32Array): ParsedRuns {
  const end = counts.length;
  const small = end <= keptRuns;
  const text = small ? keptText : new Uint8Array(end + 2);
  // What is not ASCII becomes bytes from 128 on, and is refused with the other characters that no run has.
  toBytes.encodeInto(counts, text);
  text[end] = 0; // ends a number that is cut off
  const target = kept !== undefined && end <= kept.length ? kept : new Uint32Array(end);
  let length = 0;
  let total = 0;
  let groups = 0; // all bits seen in groups: more than six of them for a character out of range
  let low = 0; // negative when a run was 0 or less
  let long = 0; // not 0 when a number had too many groups
  let before = 0; // the last run, and the one before it
  let beforeLast = 0;
  let i = 0;
  while (i < end) {
    let group = (text[i++]! - 48) | 0;
    groups |= group;
    let value = (group << 27) >> 27; // the highest bit of the last group is the sign
    if ((group & 32) !== 0) {
      value = group & 31;
      group = (text[i++]! - 48) | 0;
      groups |= group;
      value |= (group << 27) >> 22;
      if ((group & 32) !== 0) {
        value &= 1023;
        let shift = 10;
        do {
          group = (text[i++]! - 48) | 0;
          groups |= group;
          value |= (group & 31) << shift;
          shift += 5;
        } while ((group & 32) !== 0 && shift < 5 * groupsPerRun);
        value = (value << (32 - shift)) >> (32 - shift);
        long |= group & 32;
      }
    }
    if (length > 2) value = (value + beforeLast) | 0;
    low |= value - 1;
    total += value;
    target[length++] = value;
    beforeLast = before;
    before = value;
  }
  const runs = kept === undefined ? target.slice(0, length) : target.subarray(0, length);
  const empty = low < 0 ? countEmpty(runs) : 0;
  if ((groups & ~63) !== 0 || long !== 0 || i > end || empty < 0) throw fault(counts);
  return { runs, total, empty };
}

/** Runs of 0 after the first; -1 when one is negative, which shows as a number beyond any mask. */
function countEmpty(runs: Uint32Array): number {
  let empty = 0;
  for (let i = 0; i < runs.length; i++) {
    if (runs[i]! >= 2 ** 31) return -1;
    if (runs[i] === 0 && i > 0) empty++;
  }
  return empty;
}

/** The first fault of a string that has one. */
function fault(counts: string): AppError {
  const damaged = "The mask's run-length string is damaged";
  const runs: number[] = [];
  for (let i = 0; i < counts.length; ) {
    let value = 0;
    let group = 32;
    for (let shift = 0; group & 32; shift += 5) {
      if (i === counts.length) {
        return new AppError('bad-request', "The mask's run-length string is cut off in the middle of a number.");
      }
      group = counts.charCodeAt(i) - 48;
      if (group < 0 || group > 63) {
        const character = JSON.stringify(counts[i]);
        return new AppError('bad-request', `${damaged}: character ${i}, ${character}, cannot occur in it.`);
      }
      i++;
      if (shift >= 5 * groupsPerRun) {
        return new AppError('bad-request', `${damaged}: the number at character ${i - 1} is too large.`);
      }
      value |= (group & 31) << shift;
      if (group & 16 && !(group & 32)) value |= -1 << (shift + 5);
    }
    if (runs.length > 2) value += runs[runs.length - 2]!;
    if (value < 0) return new AppError('bad-request', `${damaged}: run ${runs.length} is negative (${value}).`);
    runs.push(value);
  }
  return new AppError('bad-request', `${damaged}.`);
}
