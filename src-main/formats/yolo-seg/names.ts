/** @file Names of classes by their numbers, from data.yaml or from a list with a name a line. */

const mostNames = 100_000;

export function namesOfList(text: string): Map<number, string> {
  const lines = text.split('\n').map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  return new Map([...lines.slice(0, mostNames).entries()].filter(([, name]) => name !== ''));
}

/**
 * `names` of a data.yaml in the forms that it has in the wild: a list or a mapping, in brackets or a line each. This is
 * no YAML reader; where it finds no names there are none.
 */
export function namesOfYaml(text: string): Map<number, string> {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd());
  const at = lines.findIndex((line) => /^names\s*:/.test(line));
  if (at < 0) return new Map();
  const rest = lines[at]!.replace(/^names\s*:/, '').trim();
  if (/^[[{]/.test(rest)) return inBrackets([rest, ...lines.slice(at + 1)].join(' '));
  const names = new Map<number, string>();
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '') continue;
    const item = /^\s*-\s+(.*)$/.exec(line);
    const pair = /^\s+(["']?)(\d+)\1\s*:\s*(.+)$/.exec(line);
    if (item) names.set(names.size, bare(item[1]!));
    else if (pair) names.set(Number(pair[2]), bare(pair[3]!));
    else break;
    if (names.size >= mostNames) break;
  }
  return names;
}

/** `['a', "b", c]` or `{0: a, 1: 'b'}`. */
function inBrackets(text: string): Map<number, string> {
  const close = text.startsWith('[') ? ']' : '}';
  const names = new Map<number, string>();
  const item = /\s*(?:(\d+)\s*:\s*)?("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\]}"']+)\s*([,\]}])/y;
  item.lastIndex = 1;
  for (let found = item.exec(text); found && names.size < mostNames; found = item.exec(text)) {
    names.set(found[1] === undefined ? names.size : Number(found[1]), bare(found[2]!));
    if (found[3] === close) break;
  }
  return names;
}

function bare(text: string): string {
  const trimmed = text.trim();
  if (/^'.*'$/s.test(trimmed)) return trimmed.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(trimmed)) return trimmed.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return trimmed;
}
