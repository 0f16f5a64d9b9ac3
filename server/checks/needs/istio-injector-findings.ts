import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { Injector, InjectorWebhook, ReadyEndpoints, ServicePorts } from "./istio-injector.ts";
import { isUnread, type Unread } from "./need.ts";

type Behind = { services: ServicePorts[] | Unread; endpoints: ReadyEndpoints[] | Unread };

/** What befalls pods while the call fails: the policy decides. */
function consequence({ lenient }: InjectorWebhook): Text {
  return lenient
    ? { en: "New pods start without a proxy, silently.", "zh-CN": "新 Pod 会悄无声息地不带代理启动。" }
    : { en: "No pod can be created where it is asked.", "zh-CN": "凡是要经过它的 Pod 都创建不出来。" };
}

function inspect(namespace: string): RemedyStep {
  return {
    purpose: "inspect",
    text: {
      en: "See the Service, its pods and why they are not ready.",
      "zh-CN": "查看 Service、对应的 Pod，以及为什么没有就绪。",
    },
    command: shellCommand(
      "kubectl",
      "get",
      "service,endpointslices,pods",
      "--namespace",
      namespace,
      "--selector",
      `app=istiod`,
    ),
  };
}

const verify: RemedyStep = {
  purpose: "verify",
  text: {
    en: "A pod that is only tried out comes back with istio-proxy among its containers. Use a namespace that asks for injection.",
    "zh-CN": "在要求注入的命名空间里试建一个 Pod（不会真正创建），返回的容器里应当有 istio-proxy。",
  },
  command: `kubectl run injection-probe --image=registry.k8s.io/pause:3.10 --dry-run=server --namespace "$NAMESPACE" --output jsonpath='{.spec.initContainers[*].name} {.spec.containers[*].name}'`,
};

/** What is wrong behind one webhook, if anything. */
function problemOf(webhook: InjectorWebhook, { services, endpoints }: Behind) {
  const { service } = webhook;
  if (service && !isUnread(services)) {
    const found = services.find(
      ({ namespace, name }) => namespace === service.namespace && name === service.name,
    );
    if (!found) return "injector-service-missing";
    if (!found.ports.includes(service.port)) return "injector-port-missing";
  }
  if (service && !isUnread(endpoints)) {
    const own = endpoints.filter(
      ({ namespace, service: name }) => namespace === service.namespace && name === service.name,
    );
    if (own.reduce((sum, { ready }) => sum + ready, 0) === 0) return "injector-no-endpoints";
  }
  return service && !webhook.hasCa ? "injector-without-ca" : null;
}

type Problem = NonNullable<ReturnType<typeof problemOf>>;

const whatIsWrong: Record<Problem, (service: string) => Text> = {
  "injector-service-missing": (service) => ({
    en: `The injector calls Service ${service}, which does not exist.`,
    "zh-CN": `注入器要调用的 Service ${service} 不存在。`,
  }),
  "injector-port-missing": (service) => ({
    en: `The injector calls ${service}, but the Service has no such port.`,
    "zh-CN": `注入器要调用 ${service}，但这个 Service 没有该端口。`,
  }),
  "injector-no-endpoints": (service) => ({
    en: `Nothing is ready behind Service ${service}, which the injector calls.`,
    "zh-CN": `注入器要调用的 Service ${service} 背后没有就绪的 Pod。`,
  }),
  "injector-without-ca": (service) => ({
    en: `The injector has no caBundle, so the API server cannot trust the certificate of ${service}. istiod writes it at its start.`,
    "zh-CN": `注入器没有 caBundle，API Server 无法信任 ${service} 的证书。它本该由 istiod 启动时写入。`,
  }),
};

function broken(injector: Injector, webhook: InjectorWebhook, code: Problem): Finding {
  const { namespace = "", name = "", port = 443 } = webhook.service ?? {};
  const service = code === "injector-port-missing" ? `${namespace}/${name}:${port}` : `${namespace}/${name}`;
  const wrong = whatIsWrong[code](service);
  const follows = consequence(webhook);
  return {
    verdict: "fail",
    code,
    subject: { kind: "MutatingWebhookConfiguration", name: injector.name },
    message: { en: `${wrong.en} ${follows.en}`, "zh-CN": `${wrong["zh-CN"]}${follows["zh-CN"]}` },
    observed:
      code === "injector-without-ca" ? { en: "caBundle is empty", "zh-CN": "caBundle 为空" } : service,
    expected: { en: "a ready istiod that the API server trusts", "zh-CN": "就绪且 API server 信任的 istiod" },
    remedy: [
      inspect(namespace),
      {
        purpose: "fix",
        text: {
          en: "Bring istiod back, or, if this configuration is what a removed revision left behind, delete it.",
          "zh-CN": "恢复 istiod；如果这个配置是已删除的 revision 遗留下来的，就把它删掉。",
        },
        command: shellCommand(
          "kubectl",
          "rollout",
          "restart",
          "deployment",
          "--namespace",
          namespace,
          "--selector",
          "app=istiod",
        ),
      },
      verify,
    ],
  };
}

/** One finding a configuration: its webhooks all call the same istiod. */
export function brokenInjectors(injectors: readonly Injector[], behind: Behind): Finding[] {
  return injectors.flatMap((injector) => {
    for (const webhook of injector.webhooks) {
      const code = problemOf(webhook, behind);
      if (code) return [broken(injector, webhook, code)];
    }
    const lenient = injector.webhooks.some((webhook) => webhook.lenient);
    return lenient ? [ignoring(injector)] : [];
  });
}

function ignoring(injector: Injector): Finding {
  return {
    verdict: "warn",
    code: "injector-ignores-failures",
    subject: { kind: "MutatingWebhookConfiguration", name: injector.name },
    message: {
      en: "The injector's failurePolicy is Ignore: whenever istiod does not answer, pods start without a proxy and nobody is told.",
      "zh-CN":
        "注入器的 failurePolicy 是 Ignore：一旦 istiod 没有应答，Pod 就会不带代理启动，而且没有任何提示。",
    },
    observed: "failurePolicy: Ignore",
    expected: "failurePolicy: Fail",
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Set Fail where the configuration comes from (Helm chart, IstioOperator), so that it survives the next upgrade.",
          "zh-CN": "在配置的来源处（Helm Chart 或 IstioOperator）改成 Fail，否则下次升级又会变回去。",
        },
      },
      {
        purpose: "verify",
        text: { en: "Every webhook says Fail.", "zh-CN": "每个 webhook 都显示 Fail。" },
        command: shellCommand(
          "kubectl",
          "get",
          "mutatingwebhookconfiguration",
          injector.name,
          "--output",
          "jsonpath={.webhooks[*].failurePolicy}",
        ),
      },
    ],
  };
}
