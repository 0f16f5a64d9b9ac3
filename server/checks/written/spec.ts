import type { Text } from "#common/text.ts";
import type { KubernetesKind } from "../needs/need.ts";

/** A check as its author wrote it, read and found good; plain data, hashed for approvals. */
export type CheckSpec = {
  /** kebab-case, its own in the runbook */
  id: string;
  title: Text;
  why: Text;
  remedy: Text;
  params: ParamSpec[];
  source: SourceSpec;
  /** CEL; what it is asked of at all */
  when?: string;
  /** CEL; true is as it should be. A Nagios plugin says so itself. */
  expect?: string;
  message?: Text;
  verdict: "warn" | "fail";
};

export type ParamSpec = {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "enum";
  default: string | number | boolean;
  options?: string[];
  minimum?: number;
  maximum?: number;
  label?: Text;
  help?: Text;
  unit?: string;
};

export type CommandSpec = { argv: [string, ...string[]]; sudo: boolean; timeoutSeconds: number };
export type SourceSpec =
  | { type: "kubernetes"; kind: KubernetesKind; labelSelector?: string; fieldSelector?: string }
  | ({ type: "host" } & CommandSpec)
  | ({ type: "nagios" } & CommandSpec)
  | {
      type: "http";
      url: string | null;
      path?: string;
      method: "GET" | "HEAD";
      headers: Record<string, string>;
    };
