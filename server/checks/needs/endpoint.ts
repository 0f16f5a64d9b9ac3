import type {
  DnsAnswer,
  DnsRequest,
  EndpointRequest,
  EndpointValues,
  HttpRequest,
  KafkaRequest,
  MysqlRequest,
  PrometheusQueryRequest,
  PrometheusRangeRequest,
  RegistryRequest,
} from "./endpoint-requests.ts";
import type { NeedOf } from "./need.ts";

type Asked<R extends EndpointRequest> = Omit<R, "type" | "parse">;

/** Without `parse` the judge gets the connector's whole answer; with it, what the check needs of it. */
function ask<R extends EndpointRequest, Value>(
  type: R["type"],
  request: Asked<R>,
  parse?: (value: EndpointValues[R["type"]]) => Value,
): NeedOf<R, Value, false> {
  return { type, ...request, parse, optional: false } as unknown as NeedOf<R, Value, false>;
}

export const http = {
  /** `url` null: the registered endpoint's own address. One exchange per repetition. */
  request<Value = EndpointValues["http.request"]>(
    request: Asked<HttpRequest>,
    parse?: (value: EndpointValues["http.request"]) => Value,
  ): NeedOf<HttpRequest, Value, false> {
    return ask("http.request", request, parse);
  },
};

export const dns = {
  query<Value = DnsAnswer>(
    request: Asked<DnsRequest>,
    parse?: (value: DnsAnswer) => Value,
  ): NeedOf<DnsRequest, Value, false> {
    return ask("dns.query", request, parse);
  },
};

export const registry = {
  image<Value = EndpointValues["registry.image"]>(
    request: Asked<RegistryRequest>,
    parse?: (value: EndpointValues["registry.image"]) => Value,
  ): NeedOf<RegistryRequest, Value, false> {
    return ask("registry.image", request, parse);
  },
};

export const mysql = {
  /** `sql` is a constant of the check; what a person chose goes into `values`. */
  query<Value = EndpointValues["mysql.query"]>(
    request: Asked<MysqlRequest>,
    parse?: (value: EndpointValues["mysql.query"]) => Value,
  ): NeedOf<MysqlRequest, Value, false> {
    return ask("mysql.query", request, parse);
  },
};

export const prometheus = {
  query<Value = EndpointValues["prometheus.query"]>(
    query: string,
    parse?: (value: EndpointValues["prometheus.query"]) => Value,
  ): NeedOf<PrometheusQueryRequest, Value, false> {
    return ask("prometheus.query", { query }, parse);
  },

  range<Value = EndpointValues["prometheus.range"]>(
    request: Asked<PrometheusRangeRequest>,
    parse?: (value: EndpointValues["prometheus.range"]) => Value,
  ): NeedOf<PrometheusRangeRequest, Value, false> {
    return ask("prometheus.range", request, parse);
  },
};

export const kafka = {
  cluster<Value = EndpointValues["kafka.cluster"]>(
    request: Asked<KafkaRequest> = {},
    parse?: (value: EndpointValues["kafka.cluster"]) => Value,
  ): NeedOf<KafkaRequest, Value, false> {
    return ask("kafka.cluster", request, parse);
  },
};
