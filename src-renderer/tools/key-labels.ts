/** @file What a key is called on the keyboard at hand: by its layout where the browser tells, else as on a US keyboard. */

/** `event.code` -> the character on the key, from `navigator.keyboard.getLayoutMap()`. */
export type Layout = ReadonlyMap<string, string>;

const names: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  BracketLeft: '[',
  BracketRight: ']',
  Equal: '=',
  Minus: '-',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num -',
  NumpadEnter: 'Num Enter',
};

const modifiers: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' };

/** "Ctrl+Shift+Z"; on a Mac "⌘⇧Z". */
export function keyLabel(key: string, layout: Layout | null = null, isMac = false): string {
  const parts = key.split('+');
  const code = parts.pop()!;
  const label = layout?.get(code)?.toUpperCase() ?? codeLabel(code);
  if (isMac) return [...parts.map((part) => modifiers[part] ?? part), label].join('');
  return [...parts, label].join('+');
}

function codeLabel(code: string): string {
  const known = names[code];
  if (known !== undefined) return known;
  return code.replace(/^Key|^Digit/, '').replace(/^Numpad(?=\d)/, 'Num ');
}

type KeyboardApi = { getLayoutMap?: () => Promise<Layout> };

/** The layout of the keyboard at hand; null where the browser does not tell. */
export async function readLayout(browser: { keyboard?: KeyboardApi } = navigator as never): Promise<Layout | null> {
  try {
    return (await browser.keyboard?.getLayoutMap?.()) ?? null;
  } catch {
    return null;
  }
}
