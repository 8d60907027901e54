/** @file One photo of the list: thumbnail, name, state, and what it holds. */
import type { CSSProperties } from 'react';
import type { ListedImage } from '../../../src-main/contract/image-list.ts';
import { useApp } from '../app-context.ts';
import { Icon } from '../icons.tsx';

type RowProps = {
  readonly id: string;
  readonly image: ListedImage | null;
  readonly index: number;
  readonly total: number;
  readonly selected: boolean;
  readonly cursor: boolean;
  readonly style: CSSProperties;
  readonly onOpen: (index: number) => void;
};

const stateNames = { new: 'new', open: 'open', done: 'done' } as const;

export function ImageRow({ id, image, index, total, selected, cursor, style, onOpen }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's, which has the focus for all of its rows.
    <div
      id={id}
      className="image-row"
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={total}
      aria-posinset={index + 1}
      data-cursor={cursor || undefined}
      style={style}
      onClick={() => onOpen(index)}
    >
      <Thumbnail image={image} />
      <span className="image-name">
        <span className="cut" title={image?.path}>
          {image ? shortName(image.path) : 'Loading'}
        </span>
        <span className="cut small quiet number">{image ? holds(image) : ''}</span>
      </span>
      {image ? (
        <span className="dot" data-state={image.state} title={stateNames[image.state]}>
          <span className="sr-only">{stateNames[image.state]}</span>
        </span>
      ) : null}
    </div>
  );
}

function Thumbnail({ image }: { readonly image: ListedImage | null }) {
  const { host } = useApp();
  if (!image) return <span className="thumb" />;
  if (image.status === 'missing') {
    return (
      <span className="thumb thumb-gone" title="The file is missing">
        <Icon name="error" />
      </span>
    );
  }
  const max = devicePixelRatio > 1.5 ? 256 : 128;
  // A browser does not ask again for a picture that it has shown, and another project has the same ids: so the content
  // is in the address.
  const src = `${host.mediaUrl(image.id, max)}&content=${image.contentHash.slice(0, 16)}`;
  return <img className="thumb" src={src} alt="" loading="lazy" decoding="async" draggable={false} />;
}

const shortName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function holds({ counts, status }: ListedImage): string {
  if (status === 'missing') return 'file missing';
  const parts = [
    status === 'changed' ? 'file changed' : '',
    counts.pending > 0 ? `${counts.pending} to decide` : '',
    counts.instances > 0 ? `${counts.instances} ${counts.instances === 1 ? 'mask' : 'masks'}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
