import { getTranslations } from "next-intl/server";
import { Brand } from "#components/layout/brand.tsx";
import { ButtonLink } from "#components/ui/button.tsx";

export default async function NotFound() {
  const t = await getTranslations("layout");
  return (
    <main id="main" className="mx-auto max-w-md px-6 py-[18vh]">
      <Brand />
      <h1 className="mt-8 text-title">{t("notFoundTitle")}</h1>
      <p className="mt-2 text-body text-soft">{t("notFoundText")}</p>
      <ButtonLink href="/" tone="primary" className="mt-6">
        {t("homeLink")}
      </ButtonLink>
    </main>
  );
}
