import { getTranslations } from "next-intl/server";
import { Brand } from "#components/layout/brand.tsx";

export default async function NotFound() {
  const t = await getTranslations("layout");
  return (
    <main id="main" className="mx-auto max-w-md px-6 py-[18vh]">
      <Brand />
      <h1 className="mt-8 text-title">{t("notFoundTitle")}</h1>
      <p className="mt-2 text-body text-soft">{t("notFoundText")}</p>
      {/* A plain link: this page is part of every other, and so would be what it loads. */}
      <a href="/" className="mt-6 inline-block font-medium text-accent underline underline-offset-4">
        {t("homeLink")}
      </a>
    </main>
  );
}
