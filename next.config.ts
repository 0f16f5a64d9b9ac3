import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // the left corner is the user menu's
  devIndicators: { position: "bottom-right" },
  // npm run verify checks types, of everything; a build that is made on a first start need not do it again.
  typescript: { ignoreBuildErrors: true },
  // messages arrive parsed (components/layout/read-messages.ts): the parser stays on the server
  turbopack: { resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
  // native code of its own, if it could be built
  serverExternalPackages: ["ssh2"],
  distDir: process.env.WEEKBOOK_DIST_DIR ?? ".next",
};
export default createNextIntlPlugin("./app/request-locale.ts")(config);
