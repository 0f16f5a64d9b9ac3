import { readKubeadm } from "./kubeadm-document.ts";
import type { KubeadmProblem } from "./kubeadm-problem.ts";
import { kubeadmProblems } from "./kubeadm-rules.ts";

/** What is kept of a stored ClusterConfiguration: its own text holds no secret, and is judged by the same rules. */
export type KubeadmFacts = {
  text: string;
  kubernetesVersion: string;
  certificateNames: string[];
};

export function readClusterConfiguration(text: string): KubeadmFacts {
  const [document] = readKubeadm(text).documents;
  const size = document?.size(["apiServer", "certSANs"]) ?? 0;
  return {
    text,
    kubernetesVersion: document?.text(["kubernetesVersion"]) ?? "",
    certificateNames: Array.from(
      { length: size },
      (_, index) => document?.text(["apiServer", "certSANs", index]) ?? "",
    ),
  };
}

export function storedProblems(
  { text }: KubeadmFacts,
  minor: number | undefined,
): { problems: KubeadmProblem[]; broken: boolean } {
  const { documents, broken } = readKubeadm(text);
  return {
    problems: documents.flatMap((document) => kubeadmProblems(document, minor)),
    broken: broken.length > 0 || documents.length === 0,
  };
}
