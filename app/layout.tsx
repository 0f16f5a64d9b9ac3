import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { Messages } from "#components/layout/messages.tsx";
import { ThemeScript } from "#components/layout/theme-script.tsx";
import { Toaster } from "#components/ui/toaster.tsx";

export const metadata: Metadata = {
  title: { default: "Weekbook", template: "%s · Weekbook" },
  description: "Weekly operations notes as live runbooks.",
  robots: { index: false, follow: false },
  icons: { icon: "/icon.svg" },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fdfcfa" },
    { media: "(prefers-color-scheme: dark)", color: "#141311" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, head] = await Promise.all([getLocale(), headers()]);
  return (
    <html lang={locale} suppressHydrationWarning>
      <body>
        <ThemeScript nonce={head.get("x-nonce") ?? undefined} />
        <Messages of={["layout"]}>
          {children}
          <Toaster />
        </Messages>
      </body>
    </html>
  );
}
