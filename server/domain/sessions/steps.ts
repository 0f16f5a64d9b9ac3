import type { ArticleNode } from "#common/contracts/runbook.ts";
import type { SessionStep } from "#common/contracts/runbook-session.ts";

type Element = Exclude<ArticleNode, string | number | null>;

/** Where people do something; the other sections explain. */
const acting = new Set(["fix", "verify"]);
const longestText = 200;

/**
 * A text whose steps can be ticked: what its author marked as steps, anywhere at the top of the text; in a section
 * that acts (Fix, Verify) and marks none, the items of its lists; without lists, its paragraphs. Checks and tools are
 * left to the runbook's own page.
 */
export function withSteps(nodes: readonly ArticleNode[]): { article: ArticleNode[]; steps: SessionStep[] } {
  const steps: SessionStep[] = [];
  const article: ArticleNode[] = [];
  for (const { id, nodes: inside } of sectionsOf(nodes)) {
    const unit = unitOf(id, inside);
    const tick = (children: ArticleNode[]): ArticleNode => {
      const step = steps.length + 1;
      const text = children.map(textOf).join(" ").replace(/\s+/g, " ").trim();
      steps.push({ step, section: id, text: shortened(text) });
      return { name: "tick", attributes: { step }, children };
    };
    for (const node of inside) {
      if (!isElement(node) || unit === null) article.push(node);
      else if (node.name === "step" && unit === "step") article.push(tick(node.children));
      else if (unit === "p" && node.name === "p") article.push(tick([node]));
      else if (unit === "li" && isList(node)) {
        for (const item of node.children) if (isElement(item)) article.push(tick(item.children));
      } else article.push(node);
    }
  }
  return { article: article.filter((node) => !isElement(node) || !elsewhere.has(node.name)), steps };
}

const elsewhere = new Set(["check", "tool"]);

function sectionsOf(nodes: readonly ArticleNode[]): { id: string; nodes: ArticleNode[] }[] {
  const sections: { id: string; nodes: ArticleNode[] }[] = [{ id: "", nodes: [] }];
  for (const node of nodes) {
    if (isElement(node) && node.name === "h2") sections.push({ id: String(node.attributes.id), nodes: [] });
    sections.at(-1)?.nodes.push(node);
  }
  return sections;
}

function unitOf(section: string, nodes: readonly ArticleNode[]): "step" | "li" | "p" | null {
  const elements = nodes.filter(isElement);
  if (elements.some(({ name }) => name === "step")) return "step";
  if (!acting.has(section)) return null;
  if (elements.some(isList)) return "li";
  return elements.some(({ name }) => name === "p") ? "p" : null;
}

function isList({ name }: Element): boolean {
  return name === "ul" || name === "ol";
}

function isElement(node: ArticleNode): node is Element {
  return typeof node === "object" && node !== null;
}

function textOf(node: ArticleNode): string {
  if (!isElement(node)) return node === null ? "" : String(node);
  if (node.name === "code-block" || node.name === "command" || node.name === "figure") return "";
  return node.children.map(textOf).join(node.name === "p" || node.name === "code" ? "" : " ");
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1).trimEnd()}…`.toWellFormed() : text;
}
