import { groupVersion } from "../cluster/resources.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { type ListMetadata, listPage, type Page } from "./list.ts";
import { readListOptions } from "./list-options.ts";
import { negotiate, type Representation } from "./negotiate.ts";
import { shown, shownItem } from "./shown.ts";
import { columnsOf, rowOf } from "./table.ts";
import { existing, withKind } from "./writes.ts";

const metaVersion = "meta.k8s.io/v1";

function deprecationOf({ resource }: ResourceCall): Record<string, string> {
  if (resource.name !== "endpoints") return {};
  const text = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
  return { Warning: `299 - "${text}"` };
}

export function list(cluster: Cluster, call: ResourceCall): Answer {
  const representation = negotiate(call.request.headers.accept ?? "", "list", call.query);
  const page = listPage(cluster.store, call.resource, call.namespace, readListOptions(call.query));
  const pieces = listPieces(page, shapeOf(cluster, call, representation));
  return { status: 200, headers: deprecationOf(call), pieces };
}

export function get(cluster: Cluster, call: ResourceCall): Answer {
  const representation = negotiate(call.request.headers.accept ?? "", "one", call.query);
  const object = shown(cluster, call.resource, existing(cluster, call));
  const headers = deprecationOf(call);
  if (representation.as === "metadata") return { status: 200, headers, object: partial(object) };
  if (representation.as === "object") return { status: 200, headers, object: withKind(call, object) };
  const { resourceVersion = "" } = object.metadata;
  const rows = [tableRow(call, object, representation.include)];
  return { status: 200, headers, object: { ...tableStart(call, { resourceVersion }), rows } };
}

/** What is left after a page is known after its last item, yet stands before them: such a page is made first. */
function* listPieces(page: Page, { head, item, key }: Shape): Generator<string> {
  if (!page.complete) {
    const items = [...page.items].map((object) => JSON.stringify(item(object)));
    yield `${open(head(page.metadata()))},"${key}":[`;
    yield* joined(items);
  } else {
    yield `${open(head({ resourceVersion: String(page.revision) }))},"${key}":[`;
    yield* joined(mapped(page.items, (object) => JSON.stringify(item(object))));
  }
  yield "]}\n";
}

const open = (object: Record<string, unknown>) => JSON.stringify(object).slice(0, -1);

function* mapped<T, U>(from: Iterable<T>, to: (item: T) => U): Generator<U> {
  for (const one of from) yield to(one);
}

function* joined(items: Iterable<string>): Generator<string> {
  let separator = "";
  for (const item of items) {
    yield separator + item;
    separator = ",";
  }
}

type Shape = {
  head: (metadata: ListMetadata) => Record<string, unknown>;
  item: (object: ApiObject) => unknown;
  key: "items" | "rows";
};

function shapeOf(cluster: Cluster, call: ResourceCall, representation: Representation): Shape {
  const { resource } = call;
  if (representation.as === "object") {
    return {
      head: (metadata) =>
        resource.custom
          ? { apiVersion: groupVersion(resource), kind: `${resource.kind}List`, metadata }
          : { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata },
      item: (object) => shownItem(cluster, resource, object),
      key: "items",
    };
  }
  if (representation.as === "metadata") {
    return {
      head: (metadata) => ({ kind: "PartialObjectMetadataList", apiVersion: metaVersion, metadata }),
      item: partial,
      key: "items",
    };
  }
  return {
    head: (metadata) => tableStart(call, metadata),
    item: (object) => tableRow(call, shown(cluster, resource, object), representation.include),
    key: "rows",
  };
}

function partial({ metadata }: ApiObject): Record<string, unknown> {
  return { kind: "PartialObjectMetadata", apiVersion: metaVersion, metadata };
}

function tableStart({ resource }: ResourceCall, metadata: ListMetadata): Record<string, unknown> {
  return {
    kind: "Table",
    apiVersion: metaVersion,
    metadata,
    columnDefinitions: columnsOf(resource),
  };
}

function tableRow(call: ResourceCall, object: ApiObject, include: "None" | "Metadata" | "Object") {
  const shown = { None: null, Metadata: partial(object), Object: withKind(call, object) }[include];
  return { ...rowOf(call.resource, object), object: shown };
}
