/**
 * @file Server-sent events over fetch: unlike EventSource it can send a header, tells why a stream was refused, and
 * runs in Node. (WHATWG HTML, section 9.2.6: how the lines of a stream are read.)
 */

export type ServerEvent = { readonly name: string; readonly data: string; readonly id: string | null };

/** Takes text as it arrives and tells of each event when it is whole. */
export function eventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = '';
  let name = 'message';
  let id: string | null = null;
  let data: string[] = [];
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) onEvent({ name, data: data.join('\n'), id });
      name = 'message';
      data = [];
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  };
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const each of lines) line(each);
  };
}

/** Reads a stream to its end. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const parse = eventParser(onEvent);
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parse(value);
  }
}
