import { z } from "zod";

/** Every list that may grow is read so: `next` of one answer is `cursor` of the next request. */
export const paging = {
  cursor: z.string().min(1).max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

/** Lists that do not grow are whole, and yet objects, so that something may be added. */
export function listOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item) });
}

export const clusterSlug = z.string().min(1).max(100);
