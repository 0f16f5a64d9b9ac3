import type { z } from "zod";
import type { Text } from "#common/text.ts";

/** What a form shows for a parameter. Units are in the parameter's name and, for people, here. */
export type ParamMeta = {
  label: Text;
  help?: Text;
  unit?: string;
  multiline?: boolean;
  placeholder?: string;
};

/** Gives a parameter's schema its label: `warnPercent: param(z.number().default(5), { label: … })`. */
export function param<S extends z.ZodType>(schema: S, meta: ParamMeta): S {
  return schema.meta(meta as unknown as Record<string, unknown>);
}
