import type { IncomingMessage } from "node:http";
import type { Controllers } from "../cluster/controllers.ts";
import type { Resource } from "../cluster/resources.ts";
import type { Store } from "../cluster/store.ts";
import type { Access, User } from "./access.ts";

/** What every handler may use. */
export type Cluster = { store: Store; controllers: Controllers; access: Access; address: () => string };

/** A request that has been read far enough to be judged: who, what, where. */
export type Call = {
  request: IncomingMessage;
  user: User;
  path: string;
  query: URLSearchParams;
};

/** A call about a served resource. */
export type ResourceCall = Call & {
  resource: Resource;
  namespace?: string;
  name?: string;
  subresource?: string;
};

/** What a handler answers: an object (sent as JSON), text, or a list that is written piece by piece. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
} & (
  | { object: unknown }
  | { text: string }
  | { pieces: Iterable<string> }
  /** goes on until it says so itself, or the client has gone */
  | { stream: (write: (text: string) => void, gone: AbortSignal) => Promise<void> }
);
