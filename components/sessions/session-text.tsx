import type { ArticleNode } from "#common/contracts/runbook.ts";
import { renderNodes } from "../runbooks/article-nodes.tsx";
import { TickStep } from "./tick-step.tsx";

/** The runbook's text as it was when the session began; its steps can be ticked. Rendered on the server. */
export function SessionText({ sessionId, nodes }: { sessionId: string; nodes: ArticleNode[] }) {
  return (
    <div className="runbook-article prose-article min-w-0">
      {nodes.map((node, index) => {
        const isTick = typeof node === "object" && node?.name === "tick";
        // The text is static: a node's place is its identity.
        const key = String(index);
        if (!isTick) return <div key={key}>{renderNodes([node])}</div>;
        return (
          <TickStep key={key} sessionId={sessionId} step={Number(node.attributes.step)}>
            {renderNodes(node.children)}
          </TickStep>
        );
      })}
    </div>
  );
}
