import type { KubeconfigContext } from "#common/contracts/cluster.ts";
import { parseKubeconfig } from "#server/connectors/kubernetes/kubeconfig.ts";
import { refusingProblems } from "./intake.ts";

/** Looks at a kubeconfig and keeps nothing of it. */
export async function inspectKubeconfig({
  input,
}: {
  input: { text: string };
}): Promise<KubeconfigContext[]> {
  return refusingProblems(() => parseKubeconfig(input.text));
}
