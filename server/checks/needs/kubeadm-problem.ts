import type { Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { KubeadmDocument, Place } from "./kubeadm-document.ts";

export type KubeadmProblem = {
  code: string;
  verdict: "warn" | "fail";
  /** "networking.podSubnet" */
  path: string;
  at: Place;
  message: Text;
  observed: Words;
  expected: Words;
};

/** `minor` is that of the kubeadm that is to read it, where that is known. */
export type Rule = (document: KubeadmDocument, minor: number | undefined) => KubeadmProblem[];
