import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { AppRouter } from "#server/api/root.ts";
import { call } from "./call.ts";

type Options = Record<string, unknown>;

/** The keys are those of the server's prefetches (server/api/caller.ts): what it read is not asked for again. */
const keyOf = (path: string[], input: unknown, type: string) => [
  path,
  { ...(input === undefined ? null : { input }), type },
];

const makers = {
  pathKey: (path: string[]) => [path],
  queryKey: (path: string[], input: unknown) => keyOf(path, input, "query"),
  queryOptions: (path: string[], input: unknown, options: unknown) => ({
    ...(options as Options),
    queryKey: keyOf(path, input, "query"),
    queryFn: () => call("query", path.join("."), input),
  }),
  infiniteQueryOptions: (path: string[], input: unknown, options: unknown) => ({
    initialPageParam: null,
    ...(options as Options),
    queryKey: keyOf(path, input, "infinite"),
    queryFn: ({ pageParam }: { pageParam: unknown }) =>
      call("query", path.join("."), { ...(input as Options), cursor: pageParam }),
  }),
  mutationOptions: (path: string[], options: unknown) => ({
    ...(options as Options),
    mutationKey: [path],
    mutationFn: (input: unknown) => call("mutation", path.join("."), input),
  }),
};

type Made = keyof typeof makers;

/** The package's types, of which only what is made here is left. */
type Procedures<T> = {
  [Noun in keyof T]: {
    [Verb in keyof T[Noun]]: Verb extends Made
      ? T[Noun][Verb]
      : Pick<T[Noun][Verb], Made & keyof T[Noun][Verb]>;
  };
};

function at(path: string[]): unknown {
  return new Proxy(
    {},
    {
      get(_, name: string) {
        if (!Object.hasOwn(makers, name)) return at([...path, name]);
        const make = makers[name as Made] as (path: string[], ...args: unknown[]) => unknown;
        return (...args: unknown[]) => make(path, ...args);
      },
    },
  );
}

/** `trpc.run.get.queryOptions({ … })`: the options of React Query for a procedure, without the library's own client. */
export const trpc = at([]) as Procedures<TRPCOptionsProxy<AppRouter>>;
