import { z } from "zod";

export const bundleFormat = "weekbook-bundle/1";
export const manifestName = "manifest.json";
export const signatureName = "manifest.json.sig";

/** What a signed bundle says of itself. Its signature is over these very bytes. */
export const bundleManifestSchema = z.object({
  format: z.literal(bundleFormat),
  run: z.uuid(),
  instance: z.object({ id: z.uuid(), url: z.string() }),
  created: z.iso.datetime(),
  createdBy: z.string(),
  weekbook: z.string(),
  /** fingerprint of the key that signed it */
  key: z.string(),
  files: z
    .array(
      z.object({
        name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(10),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

export const signingKeysSchema = z.object({
  keys: z.array(z.object({ fingerprint: z.string(), createdAt: z.date(), retiredAt: z.date().nullable() })),
  mayReplace: z.boolean(),
});
export type SigningKeys = z.infer<typeof signingKeysSchema>;
