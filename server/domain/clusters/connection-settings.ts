import { z } from "zod";

/** What Connection.settings holds: nothing secret. */
export const connectionSettingsSchema = z.object({
  caPem: z.string().optional(),
  tlsServerName: z.string().optional(),
  credentialKind: z.enum(["token", "client-certificate", "none"]).default("none"),
  /** the newest test that was asked for, ISO; it is under way until a report of a later time is there */
  testRequestedAt: z.iso.datetime().optional(),
});
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;
