import type { HostRequest } from "../checks/needs/need.ts";
import type { HostFactRequest } from "../connectors/connector.ts";

export function hostFactId(need: HostRequest): string {
  switch (need.type) {
    case "host.file":
      return `file ${need.path}`;
    case "host.glob":
      return `glob ${need.pattern}`;
    case "host.links":
      return `links ${need.pattern}`;
    case "host.stats":
      return `stats ${need.pattern}`;
    case "host.command":
      return `command ${need.sudo ? "as root " : ""}${JSON.stringify(need.argv)}`;
  }
}

export function hostFact(id: string, need: HostRequest): HostFactRequest {
  switch (need.type) {
    case "host.file":
      return { id, type: "file", path: need.path };
    case "host.glob":
      return { id, type: "glob", pattern: need.pattern, limit: need.limit };
    case "host.links":
      return { id, type: "links", pattern: need.pattern, limit: need.limit };
    case "host.stats":
      return { id, type: "stats", pattern: need.pattern, limit: need.limit };
    case "host.command":
      return { id, type: "command", argv: need.argv, sudo: need.sudo, timeoutMs: need.timeoutMs };
  }
}
