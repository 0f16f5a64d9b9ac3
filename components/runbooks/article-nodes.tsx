import Link from "next/link";
import { createElement, type ReactNode } from "react";
import type { ArticleNode, CodeToken } from "#common/contracts/runbook.ts";
import "./article.css";
import { CodeBlock } from "../ui/code-block.tsx";

type Element = Exclude<ArticleNode, string | number | null>;

/** The elements of Markdown an article may hold. Anything else is not rendered: content is data, never markup. */
const plain = new Set(
  "p ul ol li strong em del code blockquote hr table thead tbody tr th td br h2 h3 h4".split(" "),
);

/** The elements of ours that the page around an article brings: by name, what to show of the attributes. */
export type OwnElements = Record<string, (attributes: Record<string, unknown>) => ReactNode>;

/** Nodes as elements. One that is neither plain, nor ours, nor brought by `own`, is left out. */
export function renderNodes(nodes: readonly ArticleNode[], own: OwnElements = {}): ReactNode[] {
  return nodes.map((node, index) => {
    if (node === null || typeof node !== "object") return node;
    // The tree is static: a node's place is its identity.
    return <ArticleElement key={`${node.name}-${String(index)}`} node={node} own={own} />;
  });
}

function ArticleElement({ node, own }: { node: Element; own: OwnElements }): ReactNode {
  const { name, attributes, children } = node;
  const brought = Object.hasOwn(own, name) ? own[name] : undefined;
  if (brought) return brought(attributes);
  switch (name) {
    case "code-block":
      return <Code text={String(attributes.text)} lines={attributes.lines as CodeToken[][]} />;
    case "command":
      return <div className="my-5">{renderNodes(children, own)}</div>;
    case "figure":
      return <Figure alt={String(attributes.alt)} caption={attributes.caption} drawing={children[0]} />;
    case "since":
      return <Since version={String(attributes.version)}>{renderNodes(children, own)}</Since>;
    case "step":
      return <Step number={Number(attributes.number)}>{renderNodes(children, own)}</Step>;
    case "a":
      return <Anchor href={String(attributes.href)}>{renderNodes(children, own)}</Anchor>;
    default:
      return plain.has(name) ? renderPlain(node, own) : null;
  }
}

function renderPlain({ name, attributes, children }: Element, own: OwnElements): ReactNode {
  const id = typeof attributes.id === "string" ? attributes.id : undefined;
  if (name === "hr" || name === "br") return createElement(name);
  if (name === "table") {
    return (
      <div className="my-5 overflow-x-auto">
        <table>{renderNodes(children, own)}</table>
      </div>
    );
  }
  return createElement(name, id ? { id } : null, ...renderNodes(children, own));
}

function Code({ text, lines }: { text: string; lines: CodeToken[][] }) {
  return (
    <CodeBlock code={text} className="my-5">
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a static text have no other identity
        <span key={row} className="block min-h-5">
          {line.map(([token, kind], column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={column} data-token={kind ?? undefined}>
              {token}
            </span>
          ))}
        </span>
      ))}
    </CodeBlock>
  );
}

/** The drawing is in the page, not in an image, so that its lines take the ink of the theme. */
function Figure({
  alt,
  caption,
  drawing,
}: {
  alt: string;
  caption: unknown;
  drawing: ArticleNode | undefined;
}) {
  return (
    <figure className="my-7">
      <div className="article-figure overflow-x-auto">{drawing ? renderDrawing(drawing, alt) : null}</div>
      {typeof caption === "string" ? (
        <figcaption className="mt-2 text-dense text-faint">{caption}</figcaption>
      ) : null}
    </figure>
  );
}

function renderDrawing(node: ArticleNode, alt?: string): ReactNode {
  if (node === null || typeof node !== "object") return node;
  const attributes = Object.fromEntries(
    Object.entries(node.attributes).map(([name, value]) => [reactAttribute(name), value]),
  );
  const named = alt === undefined ? {} : { role: "img", "aria-label": alt };
  return createElement(
    node.name,
    { ...attributes, ...named },
    ...node.children.map((child) => renderDrawing(child)),
  );
}

/** stroke-width → strokeWidth; class → className; aria-* as they are. */
function reactAttribute(name: string): string {
  if (name === "class") return "className";
  if (name.startsWith("aria-")) return name;
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function Since({ version, children }: { version: string; children: ReactNode }) {
  return (
    <div className="my-4 grid gap-x-5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
      <p className="text-dense leading-6 font-medium text-soft sm:pt-0.5">{version}</p>
      <div className="min-w-0 [&>p:first-child]:mt-0">{children}</div>
    </div>
  );
}

function Step({ number, children }: { number: number; children: ReactNode }) {
  return (
    <div className="my-4 grid grid-cols-[1.75rem_minmax(0,1fr)]">
      <span aria-hidden className="pt-0.5 font-mono text-dense text-faint tabular-nums">
        {number}
      </span>
      <div className="min-w-0 [&>p:first-child]:mt-0">{children}</div>
    </div>
  );
}

function Anchor({ href, children }: { href: string; children: ReactNode }) {
  if (href.startsWith("/") || href.startsWith("#")) return <Link href={href}>{children}</Link>;
  return (
    <a href={href} rel="noreferrer">
      {children}
    </a>
  );
}
