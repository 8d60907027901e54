/**
 * @file What a language model might ask about the objects of one class: a text, which of them it means, and what is wrong
 * with it, if anything. Made from their boxes alone, the same for the same boxes.
 */
import { seededKey } from '../../../src-main/dataset/seeded.ts';

/** [x1, y1, x2, y2] in thousandths of the sides of the photo, as the prompt gives them. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];
export type Asked = {
  readonly className: string;
  /** Of the class, in the order of the prompt. */
  readonly boxes: readonly Box[];
  readonly kind: 'attributes' | 'space' | 'context';
  readonly short: boolean;
};

/** What people are to find out. `vague` and `untrue` only people notice, the others a check of the text as well. */
export type Fault = 'leak' | 'repeated' | 'count' | 'vague' | 'untrue' | 'too few named';
export type Written = {
  readonly text: string;
  /** Places in `boxes`, in the order that the text asks for where it asks for one. */
  readonly means: readonly number[];
  readonly ordered: boolean;
  readonly fault: Fault | null;
};

const people = 'Mina Jonas Aylin Pedro Ngozi Henrik Sana Luca Thandi Marek Yuki Carla Obi Freya Ravi Nadia Tomas Elif Kofi Ines'.split(' '); // biome-ignore format: one line
const days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday Easter Christmas midsummer'.split(' ');
const doings = [
  'tidies up',
  'prepares the next picnic',
  'paints the walls',
  'photographs everything',
  'writes a short report',
  'explains the scene to visitors',
  'waits for the bus to town',
  'plays a quiet game',
  'makes a careful drawing',
  'counts the money',
  'mends the old fence',
  'rehearses a play',
];

const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
type Saying = { readonly means: readonly number[]; readonly ordered?: true; readonly say: (scene: string) => string };

/** What can be said of these boxes so that it is clear which are meant: the outermost and largest by a margin. */
function sayings({ boxes, kind, short }: Asked): Saying[] {
  const places = boxes.map((_, place) => place);
  const by = (key: (box: Box) => number) => places.toSorted((a, b) => key(boxes[a]!) - key(boxes[b]!));
  const [fromLeft, bySize, byFoot] = [by(([x1]) => x1), by(area), by(([, , , y2]) => y2)];
  const all: Saying = short
    ? { means: places, say: (scene) => `what is there for ${scene}` }
    : { means: places, say: (scene) => `Which of the things in view could all be of use to somebody when ${scene}?` };
  if (kind === 'context') return [all];
  if (kind === 'attributes') {
    return [
      all,
      { means: [bySize.at(-1)!], say: (scene) => `Which one takes up the most room in the view while ${scene}?` },
      { means: bySize.slice(1), say: (scene) => `Point at every one except the smallest in sight as ${scene}.` },
      { means: [bySize[0]!], say: (scene) => `What is the least conspicuous of its sort in size, just as ${scene}?` },
    ];
  }
  return [
    { means: [fromLeft[0]!], say: (scene) => `While ${scene}, which one lies nearest to the left edge of the view?` },
    { means: fromLeft.slice(1), say: (scene) => `As ${scene}, what lies to the right of the leftmost of its sort?` },
    { means: [byFoot.at(-1)!], say: (scene) => `When ${scene}, which of these stands closest to whoever looks on?` },
    ...(boxes.length <= 4
      ? [
          {
            means: fromLeft,
            ordered: true as const,
            say: (scene: string) => `While ${scene}, name them in order of their distance from the left edge.`,
          },
        ]
      : []),
  ];
}

/** Eleven in twenty answers are as they should be. */
const faults: readonly (Fault | null)[] = [
  ...(['leak', 'leak', 'repeated', 'repeated', 'count', 'vague', 'untrue', 'too few named', 'too few named'] as const),
  ...Array.from({ length: 11 }, () => null),
];

/** @param again counts how often the same was asked: every time the words are others. */
export function write(asked: Asked, again: number): Written[] {
  const key = `${JSON.stringify(asked)} ${again}`;
  const pick = <T>(list: readonly T[], what: string): T => list[seededKey(1, `${what} ${key}`) % list.length]!;
  const said = pick(sayings(asked), 'saying');
  const fault = pick(faults, 'fault');
  const [who, other, day] = [pick(people, 'who'), pick(people, 'other'), pick(days, 'day')];
  const scene = asked.short
    ? `${who} and ${other} on ${day}`
    : `${who} ${pick(doings, 'doing')} with ${other} on ${day}`;
  const { means, ordered = false } = said;
  const good: Written = { text: said.say(scene), means, ordered, fault: null };
  const faulty = (text: string): Written => ({ text, means, ordered: false, fault });
  const { className, short } = asked;
  switch (fault) {
    case 'leak':
      return [
        faulty(short ? `the ${className} that ${who} forgot` : `Which ${className} would stay here as ${scene}?`),
        good,
      ];
    case 'repeated':
      return [good, { ...good, text: `${good.text.replace(/[?.]$/, '')}!`, fault }];
    case 'count':
      return [faulty(`How many of them are there for ${scene}?`), good];
    case 'vague':
      return [faulty(short ? `the best for ${scene}` : `Which of these looks nicest when ${scene}?`)];
    case 'untrue':
      return [faulty(short ? `the sun for ${scene}` : `Which of the snowmen are still whole when ${scene}?`)];
    case 'too few named':
      return [{ ...good, fault: means.length > 1 && !ordered ? fault : null }];
    default:
      return [good];
  }
}
