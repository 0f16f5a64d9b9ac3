export type RequestLogEntry = {
  at: string;
  method: string;
  path: string;
  query: string;
  user: string;
  status: number;
  /** of the body, before compression */
  bytes: number;
  elapsedMs: number;
};

const maxEntries = 10_000;

/** The last requests, oldest first. */
export class RequestLog {
  readonly entries: RequestLogEntry[] = [];

  add(entry: RequestLogEntry): void {
    this.entries.push(entry);
    if (this.entries.length > maxEntries) this.entries.splice(0, this.entries.length - maxEntries);
  }
}
