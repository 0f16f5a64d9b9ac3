import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { moduleFindings, returnFindings, virtualFinding } from "../needs/ipvs-findings.ts";
import { parseIpSets, parseReturnRules } from "../needs/ipvs-return.ts";
import { settingFindings } from "../needs/ipvs-settings.ts";
import { parseIpvsModules, parseIpvsTable, parseIpvsTimeout } from "../needs/ipvs-table.ts";
import { isUnread, optional } from "../needs/need.ts";

/**
 * Subject: the host; part: the module, the kernel parameter or the virtual server ("tcp 10.96.0.10:53").
 * Codes: module-not-loaded (fail), scheduler-not-loaded (warn), modules-loaded (pass); keepalive-too-long (warn),
 * conntrack-off and forwarding-off (fail where a virtual server masquerades, else warn), setting-read (pass),
 * setting-unread (unknown); table-empty (pass), has-real-servers (pass), no-real-server and all-drained (fail);
 * return-path (pass), no-return-path (warn), return-path-unread (unknown).
 */
export const check = defineCheck({
  id: "host/ipvs",
  version: 1,
  title: { en: "IPVS virtual servers and what they need", "zh-CN": "IPVS 虚拟服务及其依赖" },
  why: {
    en: "IPVS answers for an address that no program listens on. A virtual server without a real one, forwarding that is off, or replies that take another way back look the same to a client: nothing comes.",
    "zh-CN":
      "IPVS 替一个没有任何程序监听的地址应答。虚拟服务没有真实服务器、转发没打开、回包走了别的路，在客户端看来都一样：没有回应。",
  },
  remedy: {
    en: "Load the modules at start, set the kernel parameters, give every virtual server a real server of weight above zero, and masquerade what is forwarded.",
    "zh-CN": "开机加载模块，设好内核参数，让每个虚拟服务都有权重大于零的真实服务器，并对转发的流量做 SNAT。",
  },
  params: z.object({}),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    table: optional(host.file("/proc/net/ip_vs", parseIpvsTable)),
    loaded: optional(host.file("/proc/modules", parseIpvsModules)),
    atStart: host.glob("/etc/modules-load.d/*.conf", parseIpvsModules),
    timeout: optional(host.command(["ipvsadm", "-l", "--timeout"], parseIpvsTimeout, { sudo: true })),
    keepalive: optional(host.sysctl("net.ipv4.tcp_keepalive_time")),
    conntrack: optional(host.sysctl("net.ipv4.vs.conntrack")),
    forwarding: optional(host.sysctl("net.ipv4.ip_forward")),
    rules: optional(host.command(["iptables-save", "-t", "nat"], parseReturnRules, { sudo: true })),
    sets: optional(host.command(["ipset", "save"], parseIpSets, { sudo: true })),
  },
  judge: ({ machine, table, loaded, atStart, ...facts }) => {
    const wanted = atStart.flatMap(({ value }) => value);
    const modules = { loaded, wanted, live: !isUnread(table) };
    if (isUnread(table)) {
      if (table.unread.code !== "not-found")
        return { findings: [settingFindings.unread(machine, "/proc/net/ip_vs", table)] };
      if (wanted.length === 0)
        return { skip: { what: "/proc/net/ip_vs", detail: "IPVS is not loaded on this host" } };
      return { findings: moduleFindings(machine, modules) };
    }
    const masquerades = table.some(({ servers }) => servers.some(({ forward }) => forward === "Masq"));
    return {
      findings: [
        ...moduleFindings(machine, modules),
        settingFindings.keepalive(machine, facts),
        settingFindings.conntrack(machine, facts.conntrack, masquerades),
        settingFindings.forwarding(machine, facts.forwarding, masquerades),
        ...(table.length > 0
          ? table.map((one) => virtualFinding(machine, one))
          : [settingFindings.empty(machine)]),
        ...returnFindings(machine, table, facts),
      ],
      measurements: [
        { name: "virtualServers", value: table.length, unit: "{servers}" },
        {
          name: "realServers",
          value: table.reduce((sum, { servers }) => sum + servers.length, 0),
          unit: "{servers}",
        },
      ],
    };
  },
});
