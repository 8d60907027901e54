/** @file Which host `npm start` opens, and why: a decision on facts, without side effects. */

export type Facts = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user; undefined on Windows. */
  readonly uid: number | undefined;
  /** Whether Electron's binary is there. */
  readonly installed: boolean;
  /** What came of the attempt to fetch it: null before there was one. */
  readonly fetchFailed: string | null;
};

export type Choice =
  | { readonly host: 'electron' }
  /** Electron would do, but its binary has to be fetched first. */
  | { readonly host: 'fetch' }
  /** `why` is for people, the end of a sentence. */
  | { readonly host: 'web'; readonly why: string };

/** Whether windows can be opened where this process runs. */
export function hasDisplay({ platform, env }: Pick<Facts, 'platform' | 'env'>): boolean {
  if (platform === 'darwin' || platform === 'win32') return !env['SSH_CONNECTION'];
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

export function chooseHost(facts: Facts): Choice {
  if (!hasDisplay(facts)) return { host: 'web', why: 'there is no display here' };
  if (facts.platform === 'linux' && facts.uid === 0) {
    return { host: 'web', why: "Electron's sandbox does not work for the root user" };
  }
  if (facts.installed) return { host: 'electron' };
  return facts.fetchFailed === null ? { host: 'fetch' } : { host: 'web', why: facts.fetchFailed };
}
