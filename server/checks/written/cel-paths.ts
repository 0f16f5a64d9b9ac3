import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel-environment.ts";

/** Which fields of an object are looked at; `*` stands for every member of a list or map. */
export type Fields = { whole: boolean; members: Map<string, Fields> };

/** Where in the object the value of an expression stands; undefined: it is made, not found. */
type Place = Fields | undefined;
type Scope = ReadonlyMap<string, Place>;

const loops = ["all", "exists", "exists_one", "map", "filter"];

export function noFields(): Fields {
  return { whole: false, members: new Map() };
}

function member(place: Fields, name: string): Fields {
  const known = place.members.get(name) ?? noFields();
  place.members.set(name, known);
  return known;
}

/** Adds what an expression looks at. What cannot be told apart, such as the object itself, is taken whole. */
export function addFields(root: Fields, ast: ASTNode, variable = "object"): void {
  use(ast, new Map([[variable, root]]));
}

function use(node: ASTNode, scope: Scope): void {
  const place = placeOf(node, scope);
  if (place) place.whole = true;
}

function placeOf(node: ASTNode, scope: Scope): Place {
  switch (node.op) {
    case "id":
      return scope.get(node.args);
    case ".":
    case ".?": {
      const on = placeOf(node.args[0], scope);
      return on && member(on, node.args[1]);
    }
    case "[]":
    case "[?]":
      return placeOfMember(node.args, scope);
    case "call":
      return placeOfCall(node.args, scope);
    case "rcall":
      return placeOfMethod(node.args, scope);
    default:
      for (const child of childrenOf(node)) use(child, scope);
      return undefined;
  }
}

function placeOfMember([on, key]: [ASTNode, ASTNode], scope: Scope): Place {
  const place = placeOf(on, scope);
  if (key.op === "value" && typeof key.args === "string") return place && member(place, key.args);
  use(key, scope);
  return place && member(place, "*");
}

/** Whether something is there, and how much, does not need what is in it. */
function placeOfCall([name, args]: [string, ASTNode[]], scope: Scope): Place {
  const [only] = args;
  if (name === "has" && only) placeOf(only, scope);
  else if (name === "size" && only) countOnly(placeOf(only, scope));
  else for (const each of args) use(each, scope);
  return undefined;
}

function countOnly(place: Place): undefined {
  if (place) member(place, "*");
  return undefined;
}

function placeOfMethod([name, receiver, args]: [string, ASTNode, ASTNode[]], scope: Scope): Place {
  const on = placeOf(receiver, scope);
  const [variable, ...bodies] = args;
  if (loops.includes(name) && variable?.op === "id") {
    const inside = new Map(scope).set(variable.args, on && member(on, "*"));
    for (const body of bodies) use(body, inside);
    return name === "filter" ? on : undefined;
  }
  if (name === "size") return countOnly(on);
  if (name === "orValue" || name === "value" || name === "hasValue") {
    for (const each of args) use(each, scope);
    return name === "hasValue" ? undefined : on;
  }
  if (on) on.whole = true;
  for (const each of args) use(each, scope);
  return undefined;
}

const deepest = 40;

/** The part of a JSON value that `fields` names, with every key and member that is asked for but nothing in it. */
export function project(value: unknown, fields: Fields, depth = 0): unknown {
  if (fields.whole || typeof value !== "object" || value === null || depth > deepest) return value;
  const every = fields.members.get("*");
  if (Array.isArray(value)) return every ? value.map((each) => project(each, every, depth + 1)) : [];
  const kept: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    const own = fields.members.get(key);
    if (own && every) kept.push([key, project(each, merged(own, every), depth + 1)]);
    else if (own ?? every) kept.push([key, project(each, own ?? every ?? noFields(), depth + 1)]);
  }
  return Object.fromEntries(kept);
}

function merged(a: Fields, b: Fields): Fields {
  const members = new Map(a.members);
  for (const [name, fields] of b.members) {
    const known = members.get(name);
    members.set(name, known ? merged(known, fields) : fields);
  }
  return { whole: a.whole || b.whole, members };
}
