import type { ArticleNode } from "#common/contracts/runbook.ts";
import { CheckCard } from "../checks/check-card.tsx";
import { type OwnElements, renderNodes } from "./article-nodes.tsx";
import { ArticleTool } from "./article-tool.tsx";

const own: OwnElements = {
  check: ({ id }) => <CheckCard id={String(id)} />,
  tool: ({ id }) => <ArticleTool id={String(id)} />,
};

export function Article({ nodes }: { nodes: ArticleNode[] }) {
  return <div className="runbook-article prose-article">{renderNodes(nodes, own)}</div>;
}
