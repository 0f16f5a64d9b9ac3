// The first text of a check. Its words are empty on purpose: the conformance test asks for each of them by name.
import type { TargetKind } from "#common/result.ts";

/** An import and a need that is typical of a target, to be replaced. */
const needOf: Record<TargetKind, { imports: string; needs: string }> = {
  kubernetes: {
    imports: 'import { kinds, kubernetes } from "../needs/kubernetes.ts";',
    needs: 'pods: kubernetes.list(kinds.Pod, (pod) => ({ name: pod.metadata?.name ?? "" })),',
  },
  host: {
    imports: 'import { host } from "../needs/host.ts";',
    needs: 'somaxconn: host.sysctl("net.core.somaxconn"),',
  },
  endpoint: {
    imports: 'import { tls } from "../needs/tls.ts";',
    needs: "handshake: tls.handshake(null),",
  },
  document: {
    imports: 'import { document } from "../needs/document.ts";',
    needs: "text: document.text(),",
  },
};

export function checkSource(id: string): string {
  const target = id.slice(0, id.indexOf("/")) as TargetKind;
  const { imports, needs } = needOf[target];
  return `import { z } from "zod";
import { defineCheck } from "../define-check.ts";
${imports}

export const check = defineCheck({
  id: "${id}",
  version: 1,
  title: { en: "", "zh-CN": "" },
  why: { en: "", "zh-CN": "" },
  remedy: { en: "", "zh-CN": "" },
  params: z.object({}),
  needs: {
    ${needs}
  },
  judge: () => ({ findings: [] }),
});
`;
}
