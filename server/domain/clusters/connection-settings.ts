import { z } from "zod";
import { type RequestBudget, requestBudgetSchema } from "#common/contracts/cluster.ts";
import { endpointSchema } from "#common/contracts/endpoint.ts";

/** What may be asked of a server whose owner has said nothing: little. */
export const defaultBudget: RequestBudget = { ratePerSecond: 5, burst: 10, inFlight: 4 };

/** What Connection.settings holds: nothing secret. */
export const connectionSettingsSchema = z.object({
  caPem: z.string().optional(),
  tlsServerName: z.string().optional(),
  credentialKind: z.enum(["token", "client-certificate", "none"]).default("none"),
  /** shared by all workers */
  budget: requestBudgetSchema.optional(),
  /** of an endpoint, all but its secret */
  endpoint: endpointSchema.optional(),
  /** the newest test that was asked for, ISO; it is under way until a report of a later time is there */
  testRequestedAt: z.iso.datetime().optional(),
});
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;
