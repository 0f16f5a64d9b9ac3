import { shellWord } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

export const imageTools = ["docker", "podman"] as const;

export type RootlessInput = {
  name: string;
  image: string;
  tool: (typeof imageTools)[number];
  /** run by the container's own sh */
  command: string;
  /** in the background, without a terminal */
  detached: boolean;
  writable: boolean;
};

export type RootlessField = "name" | "image" | "command";

/** runc takes these characters in a container's id; a dot first would be a hidden folder or worse. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const imagePattern = /^[a-z0-9]+([._:/@-]+[A-Za-z0-9_]+)*$/;

export function rootlessProblems({ name, image, command }: RootlessInput): RootlessField[] {
  const problems: RootlessField[] = [];
  if (!namePattern.test(name)) problems.push("name");
  if (image.length > 255 || !imagePattern.test(image)) problems.push("image");
  if (command.trim() === "" || command.includes("\0")) problems.push("command");
  return problems;
}

/** From an image to a running container of an ordinary user, and back to nothing. Only for input without problems. */
export function rootlessSteps({
  name,
  image,
  tool,
  command,
  detached,
  writable,
}: RootlessInput): CommandStep[] {
  const bundle = `"\${HOME:?}/containers/${name}"`;
  const runc = `runc --root "\${HOME:?}/containers/.runc"`;
  const filter = [
    '.process.args = ["sh", "-c", $command]',
    `.process.terminal = ${!detached}`,
    `.root.readonly = ${!writable}`,
  ].join(" | ");
  const pidFile = `--pid-file "\${HOME:?}/containers/${name}.pid"`;
  return [
    {
      id: "rootfs",
      code: [
        `mkdir -p ${bundle}/rootfs && cd ${bundle}`,
        `id=$(${tool} create ${shellWord(image)})`,
        `${tool} export "$id" | tar --no-same-owner -C rootfs -xf -`,
        `${tool} rm "$id"`,
      ].join("\n"),
    },
    {
      id: "config",
      code: [
        "runc spec --rootless",
        `jq --arg command ${shellWord(command)} '${filter}' config.json > config.new`,
        "mv config.new config.json",
      ].join("\n"),
    },
    {
      id: "run",
      code: detached ? `${runc} run --detach ${pidFile} ${name}` : `${runc} run ${pidFile} ${name}`,
    },
    {
      id: "look",
      code: [`${runc} list`, `cat "/proc/$(cat "\${HOME:?}/containers/${name}.pid")/uid_map"`].join("\n"),
    },
    {
      id: "undo",
      code: [
        `${runc} kill ${name} TERM`,
        `${runc} delete --force ${name}`,
        `rm -rf ${bundle} "\${HOME:?}/containers/${name}.pid"`,
      ].join("\n"),
    },
  ];
}
