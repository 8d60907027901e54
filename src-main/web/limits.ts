/** @file Every bound of the web host, in one place. Sizes in bytes, times in milliseconds. */
export const defaultLimits = {
  /** Body of a call: an activation map of a large grid or the masks of a crowded picture take well under one MB. */
  bodyBytes: 8 * 2 ** 20,
  /** Calls at once, of all pages together; the engine works on one at a time anyway. */
  calls: 32,
  /** Sockets; a browser opens at most six a tab. */
  connections: 128,
  /** A request whose header or body trickles in for longer is ended. */
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 5_000,
  /** Silence on an event stream: shorter than the minute after which tunnels and proxies drop a connection. */
  heartbeatMs: 15_000,
  /** What a page can miss while its stream is down, and how long it may be. */
  keptEvents: 256,
  keptEventBytes: 2 ** 20,
  keptChannelMs: 60_000,
  /** Pages with an event stream, open or being kept. */
  channels: 64,
  /** How long pending answers may take to leave when the host closes. */
  closeMs: 1_000,
};
export type Limits = typeof defaultLimits;
