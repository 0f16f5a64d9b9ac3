import type { CheckSourceType } from "#common/contracts/team-runbook.ts";

/** What a new runbook begins with. */
export const emptyRunbook = `---
title: ""
summary: ""
tags: []
---

## What happens

## See it

## Fix
`;

const head = (id: string) => `id: ${id}
title: ""
why: ""
remedy: ""`;

/** A check of each kind to begin from. */
export const snippets: Record<CheckSourceType, string> = {
  kubernetes: `\`\`\`check
${head("my-objects")}
params:
  minimum: {type: integer, default: 2, minimum: 1}
kubernetes:
  kind: Deployment
when: object.spec.replicas > 0
expect: object.spec.replicas >= params.minimum
message: "{object.metadata.name}: {object.spec.replicas}"
verdict: warn
\`\`\`
`,
  host: `\`\`\`check
${head("my-command")}
host:
  command: [cat, /proc/sys/kernel/pid_max]
expect: output.exitCode == 0 && int(output.lines[0]) >= 32768
message: "{output.lines[0]}"
\`\`\`
`,
  nagios: `\`\`\`check
${head("my-plugin")}
nagios:
  command: [/usr/lib/nagios/plugins/check_load, -w, "15,10,5", -c, "30,25,20"]
\`\`\`
`,
  http: `\`\`\`check
${head("my-endpoint")}
http:
  url: https://example.com/healthz
expect: response.status == 200 && response.phases.totalMs < 1000.0
message: "{response.status}, {response.phases.totalMs} ms"
\`\`\`
`,
};
