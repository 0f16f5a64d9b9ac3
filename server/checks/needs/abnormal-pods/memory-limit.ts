import { parseQuantity } from "#common/kubernetes/quantity.ts";
import type { Scene, Signal } from "./scene.ts";

/** Below this runc's own init process does not live. */
const leastBytes = 6 * 1024 * 1024;

export function tooLittleMemory({ pod, container }: Scene, points: number): Signal[] {
  const suspects = container ? [container] : pod.containers;
  return suspects.flatMap(({ name, memoryLimit }) => {
    const bytes = parseQuantity(memoryLimit);
    if (bytes === null || bytes <= 0 || bytes >= leastBytes) return [];
    return [
      {
        points,
        words: {
          en: `container ${name} may use ${memoryLimit} of memory, which is ${bytes} bytes`,
          "zh-CN": `容器 ${name} 的内存上限是 ${memoryLimit}，也就是 ${bytes} 字节`,
        },
      },
    ];
  });
}
