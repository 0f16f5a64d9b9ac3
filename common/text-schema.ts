import { z } from "zod";
import type { Text } from "./text.ts";

/** Apart from text.ts, which every page loads: zod stays on the server. */
export const textSchema = z.object({ en: z.string(), "zh-CN": z.string() }) satisfies z.ZodType<Text>;
