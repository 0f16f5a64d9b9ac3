import { z } from "zod";
import { param } from "./param.ts";

/** The name a certificate has to be for; empty where none is asked for. */
export const serverNameSchema = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]*$/)
  .default("");

const days = z.number().int().min(0).max(3650);

/** How long before its end a certificate is told of, in days. */
export const expiryParams = {
  warnDays: param(days.default(30), {
    label: { en: "Warn when it expires within", "zh-CN": "剩余天数不足时警告" },
    unit: "d",
  }),
  failDays: param(days.default(7), {
    label: { en: "Fail when it expires within", "zh-CN": "剩余天数不足时判为失败" },
    unit: "d",
  }),
};
