/**
 * @file The connection to the application as the rest of the page sees it: one shape, whether the application is a
 * web host or the desktop's main process.
 */
import type { Input, MethodName, Output, Progress } from '../../src-main/contract/api.ts';
import type { EventData, EventName } from '../../src-main/contract/events.ts';
import type { FolderHandle } from '../../src-main/contract/methods-project.ts';

export type CallOptions<M extends MethodName> = {
  /** Aborting it cancels the call in the application too; it then ends as a HostError `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Of this page's calls in one lane the newest wins; older ones end as `cancelled`. */
  readonly lane?: string | undefined;
  readonly onProgress?: ((value: Progress<M>) => void) | undefined;
};

/** What the connection itself tells, beside the events of the application. */
type ConnectionEvents = {
  /** `refused`: the application answers, but not to this page; its address must be opened anew. */
  connection: { readonly state: 'online' | 'lost' | 'refused'; readonly message: string | null };
  /** Events were lost on the way: what the page holds may be out of date. */
  missed: Record<string, never>;
};
export type HostEventName = EventName | keyof ConnectionEvents;
export type HostEventData<N extends HostEventName> = N extends EventName
  ? EventData<N>
  : N extends keyof ConnectionEvents
    ? ConnectionEvents[N]
    : never;

/** A folder that a native dialog or a drop named. */
export type GrantedFolder = { readonly handle: FolderHandle; readonly name: string };

export type Host = {
  readonly kind: 'web' | 'electron';
  /** @throws HostError, always. */
  call<M extends MethodName>(method: M, input: Input<M>, options?: CallOptions<M>): Promise<Output<M>>;
  /** Answers the function that stops listening. */
  on<N extends HostEventName>(event: N, listener: (data: HostEventData<N>) => void): () => void;
  /** Address of a picture, its longer side at most `max` (128, 256, ... 8192); null: as large as it is. */
  mediaUrl(imageId: number | string, max: number | null): string;
  /** Address of a file that an export wrote, by the name in its answer. */
  exportUrl(name: string): string;
  /** A native dialog; null where the person has closed it. Absent where the host has none. */
  readonly chooseFolder?: (() => Promise<GrantedFolder | null>) | undefined;
  /** A folder that was dropped on the page; null where it is none. Absent where a drop tells no path. */
  readonly grantDrop?: ((file: File) => Promise<GrantedFolder | null>) | undefined;
  close(): void;
};
