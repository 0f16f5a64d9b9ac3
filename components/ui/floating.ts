/** The look of everything that floats above the page. */
export const floatingPanel =
  "z-50 rounded-panel bg-raised text-ink shadow-float outline-none origin-(--transform-origin) transition-[opacity,scale] duration-150 data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0";
