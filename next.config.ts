import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const config: NextConfig = { reactStrictMode: true, poweredByHeader: false };
export default createNextIntlPlugin("./app/request-locale.ts")(config);
