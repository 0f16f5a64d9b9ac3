import { Drawn, type IconProps } from "./icons.tsx";

/* For what is loaded after the page: icons.tsx comes with every one. */
export const SunIcon = (props: IconProps) => (
  <Drawn
    {...props}
    path="M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7"
  />
);
export const MoonIcon = (props: IconProps) => (
  <Drawn {...props} path="M13.3 9.6A5.6 5.6 0 0 1 6.4 2.7a5.6 5.6 0 1 0 6.9 6.9Z" />
);
export const ScreenIcon = (props: IconProps) => <Drawn {...props} path="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />;
export const UserIcon = (props: IconProps) => (
  <Drawn
    {...props}
    path="M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM2.8 13.5c.5-2.3 2.5-3.6 5.2-3.6s4.7 1.3 5.2 3.6"
  />
);
