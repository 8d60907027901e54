/**
 * @file Our icons: 16 x 16, drawn with strokes in the colour of the text around them. They say nothing to a screen
 * reader: the button or the text beside them has the name.
 */

/** Each icon as the `d` of one path. */
const paths = {
  accept: 'M3 8.5 6.5 12 13 4.5',
  acceptAll: 'M1.5 8.5 5 12l6-7M8 11l1 1 6-7',
  back: 'M10 3 5 8l5 5',
  box: 'M2.5 3.5h11v9h-11zM1.5 2.5h2v2h-2zM12.5 2.5h2v2h-2zM1.5 11.5h2v2h-2zM12.5 11.5h2v2h-2z',
  brush: 'M13.5 2.5 7 9M7 9c-1.5-1-3.2-.2-3.5 1.5C3.2 12 2.5 12.8 1.5 13c1.5 1 5.5 1.2 6.5-1C8.6 10.8 8 9.7 7 9z',
  chart: 'M2.5 13.5h11M4 11V8M8 11V3M12 11V6',
  bulb: 'M6 11.5c0-1.6-2-2.3-2-4.8a4 4 0 0 1 8 0c0 2.5-2 3.2-2 4.8zM6.3 14h3.4',
  check: 'M2.5 2.5h11v11h-11zM5 8l2 2 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  cycle: 'M13 6A5.2 5.2 0 0 0 3.6 5M3.5 2v3h3M3 10a5.2 5.2 0 0 0 9.4 1M12.5 14v-3h-3',
  device:
    'M4.5 4.5h7v7h-7zM6.5 4.5v-3M9.5 4.5v-3M6.5 14.5v-3M9.5 14.5v-3M4.5 6.5h-3M4.5 9.5h-3M14.5 6.5h-3M14.5 9.5h-3',
  down: 'M3.5 6 8 10.5 12.5 6',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  edit: 'M10.5 3 13 5.5 5.5 13H3v-2.5zM9 4.5 11.5 7',
  eraser: 'M6.5 13.5h7M9.5 3 13.5 7l-6 6h-3l-2.5-2.5zM6 6.5l4 4',
  error: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.5M8 11.9v.2',
  export: 'M8 10V2M4.5 5 8 1.8 11.5 5M2.5 9.5v4h11v-4',
  eye: 'M1.5 8C3 5.2 5.3 3.8 8 3.8S13 5.2 14.5 8C13 10.8 10.7 12.2 8 12.2S3 10.8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  eyeOff:
    'M2 2l12 12M6 4.1A7 7 0 0 1 8 3.8c2.7 0 5 1.4 6.5 4.2-.6 1-1.2 1.9-2 2.5M3.8 5.2C2.9 5.9 2.1 6.9 1.5 8c1.5 2.8 3.8 4.2 6.5 4.2 1 0 1.9-.2 2.7-.5',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3',
  fit: 'M2.5 6v-3.5h3.5M10 2.5h3.5v3.5M13.5 10v3.5h-3.5M6 13.5h-3.5v-3.5',
  folder: 'M1.5 3.5h4.5l1.5 2h7v7.5h-13z',
  grow: 'M6.5 2a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM12.5 10.5v4M10.5 12.5h4',
  hand: 'M5 8.5V4a1 1 0 0 1 2 0v3.5M7 7V2.8a1 1 0 0 1 2 0V7M9 7V3.5a1 1 0 0 1 2 0V8M11 6.5a1 1 0 0 1 2 0V10c0 2.5-1.6 4.2-4.2 4.2S5.5 13.4 4.4 11.5L2.6 8.6a1 1 0 0 1 1.7-1L5 8.5',
  help: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM6 6.3C6 5 6.9 4.4 8 4.4s2 .7 2 1.8C10 7.5 8 7.7 8 9.2M8 11.3v.2',
  history: 'M3 4.5A6 6 0 1 1 2 8M2.5 2v3h3M8 4.8V8l2.2 1.5',
  image: 'M1.5 3h13v10h-13zM1.5 11l4-4 3.5 3.5 2-2 3.5 3M11 6a.6.6 0 1 1 0 .1',
  import: 'M8 2v8M4.5 7 8 10.2 11.5 7M2.5 9.5v4h11v-4',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.2v4M8 4.7v.2',
  key: 'M5 6a3 3 0 1 1 0 5.8A3 3 0 0 1 5 6zM7.8 8.5h6.7v2.5M11.5 8.5v2',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.5-2.5A2.6 2.6 0 0 0 9.3 3L8.2 4.1M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3 9.3A2.6 2.6 0 0 0 6.7 13l1.1-1.1',
  next: 'M6 3l5 5-5 5',
  none: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM3.7 3.7l8.6 8.6',
  opacity: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 2v12M10.3 2.5v11M12.4 4v8',
  pause: 'M5 3v10M11 3v10',
  plus: 'M8 3v10M3 8h10',
  point: 'M8 1.5v4M8 10.5v4M1.5 8h4M10.5 8h4M8 7.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1z',
  redo: 'M13 6.5H6a3.5 3.5 0 0 0 0 7h3M10 3.5l3 3-3 3',
  clean:
    'M6 2.5 7.2 6 10.7 7.2 7.2 8.4 6 12 4.8 8.4 1.3 7.2 4.8 6zM12 9.5l.7 1.8 1.8.7-1.8.7-.7 1.8-.7-1.8-1.8-.7 1.8-.7zM12 1.5v3M10.5 3h3',
  search: 'M6.8 2.3a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.2 10.2 14 14',
  settings:
    'M2 4.5h6M12 4.5h2M10 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4zM2 11.5h2M8 11.5h6M6 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z',
  shrink: 'M6.5 2a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 12.5h4',
  sort: 'M2.5 4h11M2.5 8h7.5M2.5 12h4',
  stop: 'M4 4h8v8H4z',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4',
  undo: 'M3 6.5h7a3.5 3.5 0 0 1 0 7H7M6 3.5l-3 3 3 3',
  unlink:
    'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.5-2.5A2.6 2.6 0 0 0 9.3 3L8.2 4.1M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3 9.3A2.6 2.6 0 0 0 6.7 13l1.1-1.1M2 2l12 12',
  zoomIn: 'M6.8 2.3a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.2 10.2 14 14M6.8 4.8v4M4.8 6.8h4',
  zoomOut: 'M6.8 2.3a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.2 10.2 14 14M4.8 6.8h4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = '1rem' }: { readonly name: IconName; readonly size?: string }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the application: a mask's outline around a point. */
export function Mark({ size = '1.25rem' }: { readonly size?: string }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path
        d="M5 3.5C8 1.5 13 2 15.5 4.5S18.5 12 16 15s-8 3.5-11 1.5S1.5 11 2 8.5 3 5 5 3.5z"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeDasharray="3 2"
      />
      <circle cx="10" cy="10" r="3" fill="currentColor" />
    </svg>
  );
}
