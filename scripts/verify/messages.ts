// Both languages have the same message files, keys and placeholders, and the keys that the code names exist.
import { defaultLocale, locales } from "#common/text.ts";
import { type Catalogue, differences, flatten } from "./message-catalogue.ts";
import { missingKeys } from "./message-use.ts";
import { projectFiles, readProjectFile, report } from "./source-files.ts";

const files = projectFiles();

function catalogueOf(locale: string): Catalogue {
  const catalogue: Catalogue = new Map();
  for (const path of files) {
    const namespace = new RegExp(`^messages/${locale}/(.+)\\.json$`).exec(path)?.[1];
    if (namespace) catalogue.set(namespace, flatten(JSON.parse(readProjectFile(path))));
  }
  return catalogue;
}

const original = catalogueOf(defaultLocale);
const problems = locales
  .filter((locale) => locale !== defaultLocale)
  .flatMap((locale) => differences(defaultLocale, original, locale, catalogueOf(locale)));
const isCode = /^(app|components)\/.*\.tsx?$/;
for (const path of files.filter((file) => isCode.test(file) && !file.includes(".test.")))
  problems.push(...missingKeys(path, readProjectFile(path), original));

const count = [...original.values()].reduce((sum, messages) => sum + messages.size, 0);
report(problems, `${count} messages in ${locales.length} languages`);
