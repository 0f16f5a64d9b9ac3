import { shellWord } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

export const sourceFormats = ["qcow2", "raw", "vdi", "vhdx"] as const;
export const diskAdapters = ["lsilogic", "buslogic", "ide"] as const;
export const diskKinds = ["thin", "zeroedthick", "eagerzeroedthick"] as const;

export type ConversionInput = {
  image: string;
  name: string;
  host: string;
  folder: string;
  format: (typeof sourceFormats)[number];
  adapter: (typeof diskAdapters)[number];
  kind: (typeof diskKinds)[number];
};
export type ConversionField = "image" | "name" | "host" | "folder";

export function conversionProblems({ image, name, host, folder }: ConversionInput): ConversionField[] {
  const problems: ConversionField[] = [];
  // A colon or a comma would be read by qemu-img as a protocol or an option.
  if (!/^\/[^\p{Cc}:,]+[^\p{Cc}:,/]$/u.test(image) || image.length > 240) problems.push("image");
  // ESXi itself writes the data beside the description as NAME-flat.vmdk.
  if (!/^[A-Za-z0-9][\w.-]{0,59}$/.test(name) || /(-flat|-temp|\.vmdk)$/i.test(name)) problems.push("name");
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host)) problems.push("host");
  if (!/^\/vmfs\/volumes(\/[\w.][\w. -]*){2,}$/.test(folder) || folder.includes("/."))
    problems.push("folder");
  return problems;
}

/** From an image of KVM to a disk that ESXi starts from, and back. Only for input without problems. */
export function conversionSteps(input: ConversionInput): CommandStep[] {
  const { image, name, host, folder, format, adapter, kind } = input;
  const temporary = `${name}-temp.vmdk`;
  const there = (file: string) => shellWord(`${folder}/${file}`);
  return [
    {
      id: "convert",
      code: `qemu-img convert -p -f ${format} -O vmdk -o adapter_type=${adapter},compat6 ${shellWord(image)} ${temporary}\nqemu-img info ${temporary}`,
    },
    {
      id: "copy",
      code: `ssh ${shellWord(`root@${host}`)} ${shellWord(`cat > ${there(temporary)}`)} < ${temporary}`,
    },
    { id: "clone", code: `vmkfstools -i ${there(temporary)} ${there(`${name}.vmdk`)} -d ${kind}` },
    {
      id: "look",
      code: `ls -l ${there(`${name}.vmdk`)} ${there(`${name}-flat.vmdk`)}\nrm ${there(temporary)}`,
    },
    { id: "undo", code: `vmkfstools -U ${there(`${name}.vmdk`)}` },
  ];
}
