import { z } from "zod";
import { textSchema } from "./text-schema.ts";

/**
 * What a judge may draw of what it read: boxes in columns, joined by arrows, or bars below each other on one scale.
 * It is stored with the result and shown above its findings, as a drawing and as a table.
 */

const words = z.union([z.string().min(1).max(120), textSchema]);
const mark = z.enum(["pass", "warn", "fail", "unknown"]);

export const pictureNodeSchema = z.object({
  id: z.string().min(1).max(200),
  /** from the left, beginning with 0; boxes of one column stand below each other in the order of the list */
  column: z.number().int().min(0).max(9),
  /** real names are strings, words for people are texts */
  label: words,
  /** a second, quieter line */
  detail: words.optional(),
  /** absent: there is nothing to judge about it */
  verdict: mark.optional(),
});
export type PictureNode = z.infer<typeof pictureNodeSchema>;

export const pictureEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** up to three letters are set into the arrow */
  label: words.optional(),
  /** more than there is room for along the arrow */
  detail: words.optional(),
  /** `fail` is drawn broken */
  verdict: mark.optional(),
});
export type PictureEdge = z.infer<typeof pictureEdgeSchema>;

const heading = {
  /** kebab-case, one of its kind in a result */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: textSchema,
  /** what it says, in a sentence, for whoever cannot see it */
  summary: textSchema,
};

export const graphSchema = z
  .object({
    ...heading,
    /** headings above the columns, as many as there are columns, or none */
    columns: z.array(textSchema).max(10).optional(),
    nodes: z.array(pictureNodeSchema).min(1).max(80),
    edges: z.array(pictureEdgeSchema).max(160),
  })
  .superRefine(({ nodes, edges }, context) => {
    const ids = new Set(nodes.map(({ id }) => id));
    if (ids.size < nodes.length) context.addIssue({ code: "custom", message: "two boxes share an id" });
    for (const { from, to } of edges)
      if (!ids.has(from) || !ids.has(to))
        context.addIssue({ code: "custom", message: `no box for the arrow ${from} → ${to}` });
  });
export type GraphPicture = z.infer<typeof graphSchema>;

const barSchema = z
  .object({
    id: z.string().min(1).max(200),
    label: words,
    /** the numbers behind it */
    detail: words.optional(),
    from: z.number().min(0),
    to: z.number().min(0),
    /** how far it may reach: drawn as a thin line beyond the bar */
    most: z.number().min(0).optional(),
    verdict: mark.optional(),
  })
  .refine(({ from, to, most = to }) => from <= to && to <= most, "a bar runs from left to right");

const barsSchema = z.object({
  ...heading,
  unit: z.string().max(20),
  bars: z.array(barSchema).min(1).max(80),
});
export type BarsPicture = z.infer<typeof barsSchema>;

export const pictureSchema = z.union([graphSchema, barsSchema]);
export type Picture = z.infer<typeof pictureSchema>;

export const picturesPerResult = 8;
