import { themeKey } from "./theme-key.ts";

/**
 * Sets the class before the first paint, so that no page flashes in the other colours; then follows the system, other
 * tabs and the choice made here. Colours change at once: a hundred transitions would be a flicker.
 */
const script = `(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try { chosen = localStorage.getItem("${themeKey}"); } catch {}
    const dark = chosen === "dark" || (chosen !== "light" && system.matches);
    if (dark === root.classList.contains("dark")) return;
    const still = document.createElement("style");
    still.textContent = "*{transition:none!important}";
    document.head.append(still);
    root.classList.toggle("dark", dark);
    getComputedStyle(root).color;
    setTimeout(() => still.remove(), 1);
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
})()`;

/** A browser hides the nonce of a script from the page, which is no difference worth telling. */
export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {script}
    </script>
  );
}
