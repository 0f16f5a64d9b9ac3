import type { SVGProps } from "react";

export type IconProps = Omit<SVGProps<SVGSVGElement>, "children" | "path"> & { size?: number };

/** Drawn on a 16 px grid with a 1.5 px line. Decorative: the words stand beside it or on the button. */
export function Drawn({ size = 16, path, ...props }: IconProps & { path: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...props}
    >
      <path d={path} />
    </svg>
  );
}

export const OverviewIcon = (props: IconProps) => (
  <Drawn {...props} path="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z" />
);
export const RunbookIcon = (props: IconProps) => (
  <Drawn {...props} path="M3 3.5A1.5 1.5 0 0 1 4.5 2H13v10.5H4.5A1.5 1.5 0 0 0 3 14zM3 14h10M6 5.5h4M6 8h4" />
);
export const FindingIcon = (props: IconProps) => <Drawn {...props} path="M4 14V2.5h8.5L10.8 6l1.7 3.5H4" />;
export const HistoryIcon = (props: IconProps) => (
  <Drawn {...props} path="M2.5 8a5.5 5.5 0 1 0 1.7-4M2.5 2.5V5H5M8 5v3.2l2.2 1.3" />
);
export const ScheduleIcon = (props: IconProps) => (
  <Drawn {...props} path="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3M8 8.5V11h2" />
);
export const ClusterIcon = (props: IconProps) => (
  <Drawn {...props} path="M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8.2 13.5 5M8 8.2v6" />
);
export const SettingsIcon = (props: IconProps) => (
  <Drawn
    {...props}
    path="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 3v3M10 3a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM6 10a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z"
  />
);
export const SearchIcon = (props: IconProps) => (
  <Drawn {...props} path="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 13.5 13.5" />
);
export const MenuIcon = (props: IconProps) => <Drawn {...props} path="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />;
export const CloseIcon = (props: IconProps) => <Drawn {...props} path="m4 4 8 8M12 4l-8 8" />;
export const ChevronRightIcon = (props: IconProps) => <Drawn {...props} path="M6.5 4.5 10 8l-3.5 3.5" />;
export const SelectorIcon = (props: IconProps) => <Drawn {...props} path="m5 6 3-3 3 3M5 10l3 3 3-3" />;
export const CheckIcon = (props: IconProps) => <Drawn {...props} path="m3.5 8.5 3 3 6-7" />;
export const CopyIcon = (props: IconProps) => <Drawn {...props} path="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />;
export const MoreIcon = (props: IconProps) => <Drawn {...props} path="M3.5 8h.01M8 8h.01M12.5 8h.01" />;
export const PlusIcon = (props: IconProps) => <Drawn {...props} path="M8 3v10M3 8h10" />;
export const FileIcon = (props: IconProps) => (
  <Drawn {...props} path="M4 1.8h5l3.5 3.5v8.9H4zM9 1.8v3.5h3.5" />
);
export const PlayIcon = (props: IconProps) => <Drawn {...props} path="M4.5 3v10l8-5z" />;
