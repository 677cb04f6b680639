// The port. In: connections. Out: answers; one client's bad bytes, silence or absence touch nobody else.

import { createServer, type Server, type Socket } from "node:net";
import { Connection, type Surroundings } from "./connection.ts";
import { EventReader, FramingError } from "./framing.ts";

export interface ServerOptions extends Surroundings {
  /** One line for the log. */
  log(line: string): void;
  /** A client that stops in the middle of an event or of a request is let go after so long. */
  readonly patienceMs?: number;
  readonly mostClients?: number;
}

const PATIENCE_MS = 30_000;
const MOST_CLIENTS = 64;
/** Answers are short: a client that lets so many wait does not read them. */
const MOST_UNREAD = 1024 * 1024;

export function createWyomingServer(options: ServerOptions): Server {
  const most = options.mostClients ?? MOST_CLIENTS;
  let clients = 0;
  return createServer((socket) => {
    clients++;
    socket.on("close", () => clients--);
    socket.setNoDelay(true);
    void serve(socket, options, clients > most ? `expected at most ${most} clients at once; found more` : undefined);
  });
}

async function serve(socket: Socket, options: ServerOptions, refused: string | undefined): Promise<void> {
  const name = `${socket.remoteAddress}:${socket.remotePort}`;
  const connection = new Connection(options, (bytes) => {
    if (socket.writable) socket.write(bytes);
    if (socket.writableLength > MOST_UNREAD) socket.destroy();
  });
  const end = (text: string, code: string): void => {
    options.log(`${name}: ${text}`);
    connection.refuse(text, code);
    socket.end();
    socket.destroySoon();
  };
  socket.on("error", () => {}); // the loop below ends by it
  if (refused !== undefined) return end(`${refused}.`, "busy");
  const reader = new EventReader();
  socket.setTimeout(options.patienceMs ?? PATIENCE_MS, () => {
    // A connection that rests between two requests may rest as long as it likes.
    if (reader.partial || connection.listening) end("the client stopped in the middle of a request.", "time-out");
  });
  try {
    // A stream that its loop leaves is destroyed otherwise, and the last sentence with it.
    for await (const bytes of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (const event of reader.push(bytes)) await connection.handle(event);
    }
  } catch (error) {
    if (error instanceof FramingError)
      end(`expected an event of the Wyoming protocol; found ${error.message}.`, "bad-event");
    else if (!isGone(error)) end(`our fault: ${error instanceof Error ? error.message : String(error)}`, "fault");
  } finally {
    await connection.close();
  }
}

/** The client hung up. */
function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ABORT_ERR"].includes(code);
}
