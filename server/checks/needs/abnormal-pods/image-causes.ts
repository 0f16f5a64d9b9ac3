import { type Cause, hears, nodeDiskFull, type Scene, type Signal, when } from "./scene.ts";

/** Why an image does not come: the notes' list and what has been added since. */

const pullSecrets = ({ pod }: Scene) => pod.asked?.pullSecrets ?? [];

function missingPullSecret(scene: Scene): Signal[] {
  return scene.events
    .filter(({ reason }) => reason === "FailedToRetrieveImagePullSecret")
    .slice(0, 1)
    .map(({ message }) => ({
      points: 4,
      words: { en: `the kubelet says: ${message}`, "zh-CN": `kubelet 说：${message}` },
    }));
}

const denied =
  /\b401\b|\b403\b|unauthorized|no basic auth|insufficient_scope|authorization failed|access denied|denied:/i;
const absent =
  /: not found|manifest unknown|manifest for .* not found|name unknown|repository (name )?(does not exist|not known)|does not exist or may require/i;

export const imageCauses: Cause[] = [
  {
    code: "image-name-invalid",
    name: { en: "the image's name is not valid", "zh-CN": "镜像名不合法" },
    step: {
      en: "Correct the name: lower case, no scheme in front, one tag or digest.",
      "zh-CN": "改正镜像名：小写，前面不带协议，只有一个标签或摘要。",
    },
    weigh: (scene) => [
      ...when(scene.container?.waiting === "InvalidImageName", 9, {
        en: "the container waits with InvalidImageName",
        "zh-CN": "容器的等待原因是 InvalidImageName",
      }),
      ...hears(scene, 2, /invalid reference format|couldn't parse image name/i),
    ],
  },
  {
    code: "image-never-pulled",
    name: {
      en: "the image is not on the node and imagePullPolicy Never forbids to pull it",
      "zh-CN": "节点上没有这个镜像，而 imagePullPolicy 为 Never，不允许拉取",
    },
    step: {
      en: "Set imagePullPolicy to IfNotPresent, or load the image on every node the pod may run on.",
      "zh-CN": "把 imagePullPolicy 改成 IfNotPresent，或在每个可能运行它的节点上预先导入镜像。",
    },
    weigh: (scene) => [
      ...when(scene.container?.waiting === "ErrImageNeverPull", 9, {
        en: "the container waits with ErrImageNeverPull",
        "zh-CN": "容器的等待原因是 ErrImageNeverPull",
      }),
    ],
  },
  {
    code: "image-registry-plain-http",
    name: {
      en: "the registry speaks plain HTTP and the node insists on HTTPS",
      "zh-CN": "镜像仓库是 HTTP 的，而节点坚持用 HTTPS（没有加入 insecure-registry）",
    },
    step: {
      en: "Give the registry a certificate; failing that, allow plain HTTP for exactly this host in the runtime's configuration of every node.",
      "zh-CN": "最好给仓库配上证书；不得已时，在每个节点的运行时配置里只对这个地址放行 HTTP。",
    },
    weigh: (scene) => hears(scene, 10, /server gave HTTP response to HTTPS client/i),
  },
  {
    code: "image-registry-untrusted",
    name: {
      en: "the node does not trust the registry's certificate",
      "zh-CN": "节点不信任镜像仓库的证书",
    },
    step: {
      en: "Put the issuing CA where the runtime of every node reads it (containerd: certs.d/<host>/ca.crt), or renew the certificate if it has expired.",
      "zh-CN":
        "把签发的 CA 放到每个节点运行时读取的位置（containerd：certs.d/<主机>/ca.crt）；证书过期则换新。",
    },
    weigh: (scene) => hears(scene, 10, /x509:|certificate signed by unknown|certificate has expired/i),
  },
  {
    code: "image-pull-unauthorized",
    name: {
      en: "the registry refuses the credentials, or got none",
      "zh-CN": "镜像仓库认证失败，或没有提供凭据",
    },
    step: {
      en: "See that imagePullSecrets name a Secret of this namespace that holds this registry's host, and that its token is still good.",
      "zh-CN": "确认 imagePullSecrets 指向本命名空间里的 Secret，其中的主机名就是这个仓库，令牌也仍然有效。",
    },
    weigh: (scene) => [
      ...hears(scene, 6, denied),
      ...missingPullSecret(scene),
      ...when(pullSecrets(scene).length === 0 && scene.said.some(({ text }) => denied.test(text)), 1, {
        en: "the pod names no imagePullSecrets (its service account may)",
        "zh-CN": "Pod 没有写 imagePullSecrets（它的 ServiceAccount 可能写了）",
      }),
    ],
  },
  {
    code: "image-not-found",
    name: { en: "the registry has no such image or tag", "zh-CN": "仓库里没有这个镜像或标签" },
    step: {
      en: "Compare name and tag with what the registry holds: a typo, a tag that was never pushed, or one that was cleaned up.",
      "zh-CN": "把名称和标签与仓库里的内容对照：写错了、从没推送过，或已被清理。",
    },
    weigh: (scene) => [
      ...hears(scene, 6, absent),
      ...when(pullSecrets(scene).length > 0 && scene.said.some(({ text }) => absent.test(text)), 1, {
        en: "the pod names imagePullSecrets",
        "zh-CN": "Pod 写了 imagePullSecrets",
      }),
    ],
  },
  {
    code: "image-registry-unreachable",
    name: { en: "the node cannot connect to the registry", "zh-CN": "节点连不上镜像仓库" },
    step: {
      en: "From that node: does the name resolve, does the port answer, does a proxy or a firewall stand in between.",
      "zh-CN": "在那个节点上检查：域名能否解析，端口通不通，中间有没有代理或防火墙。",
    },
    weigh: (scene) =>
      hears(scene, 6, /dial tcp|no such host|connection refused|no route to host|network is unreachable/i),
  },
  {
    code: "image-pull-timeout",
    name: { en: "the pull takes longer than it may", "zh-CN": "拉取镜像超时" },
    step: {
      en: "Look at the bandwidth and the size of the image; raise the runtime's progress deadline, use a mirror near the nodes, make the image smaller.",
      "zh-CN": "看带宽和镜像大小；调大运行时的拉取超时，使用离节点近的镜像站，或缩小镜像。",
    },
    weigh: (scene) =>
      hears(
        scene,
        5,
        /deadline exceeded|TLS handshake timeout|Client\.Timeout|i\/o timeout|timed out|request canceled/i,
      ),
  },
  {
    code: "image-registry-throttled",
    name: {
      en: "the registry or the kubelet limits the rate of pulls",
      "zh-CN": "仓库或 kubelet 限制了拉取频率",
    },
    step: {
      en: "Sign in (anonymous pulls have the smallest quota), use a mirror, or raise the kubelet's registryPullQPS.",
      "zh-CN": "登录后再拉（匿名配额最小），使用镜像站，或调大 kubelet 的 registryPullQPS。",
    },
    weigh: (scene) => hears(scene, 9, /429 Too Many|toomanyrequests|rate limit|pull QPS exceeded/i),
  },
  {
    code: "image-damaged",
    name: {
      en: "the image is damaged, in the registry or on the way",
      "zh-CN": "镜像文件损坏（仓库里或传输途中）",
    },
    step: {
      en: "Pull it elsewhere: if that fails as well push it again; if not, remove the partial image on this node and check its disk.",
      "zh-CN": "换台机器拉一次：也失败就重新推送；不失败就删掉本节点上的残缺镜像，并检查磁盘。",
    },
    weigh: (scene) =>
      hears(
        scene,
        8,
        /unexpected EOF|failed commit on ref|unexpected commit digest|failed to extract layer|digest mismatch|invalid tar header|archive\/tar/i,
      ),
  },
  {
    code: "image-wrong-platform",
    name: { en: "the image is not built for the node's architecture", "zh-CN": "镜像没有该节点架构的版本" },
    step: {
      en: "Build it for that platform too, or bind the pod to nodes it was built for (kubernetes.io/arch).",
      "zh-CN": "为该平台也构建镜像，或用 kubernetes.io/arch 把 Pod 限定在匹配的节点上。",
    },
    weigh: (scene) => hears(scene, 9, /no match(ing manifest)? for platform|no matching manifest/i),
  },
  nodeDiskFull,
];
