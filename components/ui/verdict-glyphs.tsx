import type { ReactNode, SVGProps } from "react";

type GlyphProps = Omit<SVGProps<SVGSVGElement>, "children"> & { size?: number };

function Drawn({ size = 16, children, ...props }: GlyphProps & { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...props}
    >
      {children}
    </svg>
  );
}

/** Each verdict has its own outline, so that it is told apart without colour. */
export const PassGlyph = (props: GlyphProps) => (
  <Drawn {...props}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="m5.3 8.2 1.9 1.9 3.5-4" />
  </Drawn>
);
export const WarnGlyph = (props: GlyphProps) => (
  <Drawn {...props}>
    <path d="M8 2.2 14.3 13.2H1.7z" />
    <path d="M8 6.4v3M8 11.2v.1" />
  </Drawn>
);
export const FailGlyph = (props: GlyphProps) => (
  <Drawn {...props}>
    <path d="M5.5 1.9h5l3.6 3.6v5l-3.6 3.6h-5l-3.6-3.6v-5z" />
    <path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2" />
  </Drawn>
);
export const UnknownGlyph = (props: GlyphProps) => (
  <Drawn {...props}>
    <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />
    <path d="M6.3 6.5a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.65-.9 1.2M8 11.2v.1" />
  </Drawn>
);
export const SkipGlyph = (props: GlyphProps) => (
  <Drawn {...props}>
    <path d="M3.5 8h9" />
  </Drawn>
);
