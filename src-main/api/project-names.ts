/** @file Names for folders and files that people chose freely, as every system takes them. */

/** UTF-8 bytes of a name: systems take 255, and names beside it get longer endings. */
const mostBytes = 200;

/** What Windows gives to devices. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** `name` without what some system refuses in a name of a file, and not too long; never empty. */
export function plainName(name: string): string {
  const plain = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, '_')
    .replace(/^[. ]+/, '');
  const short = shortened(plain, mostBytes).replace(/[. ]+$/, '');
  return short === '' || devices.test(short) ? `_${short}` : short;
}

/** Whole characters, as people see them, of at most `bytes` bytes of UTF-8. */
function shortened(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let size = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    size += Buffer.byteLength(segment);
    if (size > bytes) break;
    kept += segment;
  }
  return kept;
}
