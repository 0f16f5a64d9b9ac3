import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  distDir: process.env.WEEKBOOK_DIST_DIR ?? ".next",
};
export default createNextIntlPlugin("./app/request-locale.ts")(config);
