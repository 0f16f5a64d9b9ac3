// Whether a line of plain text, whose marks were lost when it was copied from a page, was code.

const han = /\p{Script=Han}/gu;
const comment = /(?:^|\s)(?:#|\/\/|--\s)[^\n]*$/;
const prompt = /^\s*(?:\$|>|[\w.-]+@[\w.-]+:[^#$]*[#$])\s+\S/;
const commentLine = /^\s*(?:#|\/\/|--\s|\/\*)/;
const yamlKey = /^\s*(?:- )?"?[\w./-]+"?:(?:\s+(?:["'[{|>&*\d-]|\S+(?:\s+#.*)?$)|\s*$)/;
const assignment = /^\s*(?:export |local |set |ENV |ARG )?[A-Za-z_][\w.[\]-]*\s*\+?=\s*\S/;
const flag = /(?:^|\s)--?[A-Za-z][\w-]*(?:[ =]|$)/;
const lineEnd = /(?:\\|[{};|&]|\)\s*\{|\bdo|\bthen)\s*$/;
const symbols = /[{}[\]()$|;=<>\\"'`&*@~^%]/g;
const pathStart = /^\s*(?:\/[\w.-]+\/|[A-Z]:\\|\.\/)/;
const keyword =
  /^\s*(?:if|then|fi|else|elif|for|do|done|while|case|esac|function|return|import|from|def|func|package|var|const|let|class|try|SELECT|CREATE|ALTER|INSERT|UPDATE|DELETE|SHOW|SET|FROM|RUN|ENV|ARG|COPY|ADD|CMD|ENTRYPOINT|WORKDIR|EXPOSE|USER|GET|POST|PUT|HEAD|HTTP\/\d)\b/;
/** First words of command lines. */
const commands = new Set(
  `sudo su cd ls cat echo printf cp mv rm mkdir touch chmod chown ln find grep egrep sed awk sort xargs tar gzip curl wget
  ssh scp rsync ip ss netstat ping dig nslookup tcpdump iptables ipvsadm ipset nft conntrack sysctl systemctl service
  journalctl dmesg modprobe lsmod mount umount mkfs mkfs.xfs xfs_info lsblk fdisk fio dd blktrace blkparse strace ps top
  kill free df du uptime watchdog nsenter lsns unshare yum dnf apt apt-get apk rpm dpkg pip pip3 npm node python python3
  go make gcc java mvn docker podman crictl ctr nerdctl runc kubectl kubeadm helm istioctl etcdctl openssl git mysql psql
  redis-cli chronyc timedatectl hostnamectl lvs vgs pvs lvextend ethtool kafka-topics nginx hyperfine qemu-img virsh vmkfstools set export source alias shopt cmd powershell`.split(
    /\s+/,
  ),
);

function ratio(text: string, pattern: RegExp): number {
  return text.length === 0 ? 0 : (text.match(pattern)?.length ?? 0) / text.length;
}

/** Whether a line begins with the name of a program. */
export const isCommand = (line: string): boolean => commands.has(/^\s*([\w.-]+)/.exec(line)?.[1] ?? "");

/** A comment by itself says nothing: it is code where its neighbours are. */
export const isComment = (line: string): boolean => commentLine.test(line);

/** How many signs of code a line shows; 2 and more is code, 0 is prose. */
export function codeSigns(line: string): number {
  if (prompt.test(line)) return 3;
  const bare = line.replace(comment, "");
  const text = bare.trim();
  if (text === "") return isComment(line) ? 1 : 0;
  if (ratio(text, han) > 0.25 || /[。，；：！？]$/.test(text)) return 0;
  if (/^https?:\/\/\S+$/.test(text)) return 0;
  const first = /^[\w.-]+/.exec(text)?.[0] ?? "";
  let signs = 0;
  if (commands.has(first)) signs += text.includes(" ") && ratio(text, han) === 0 ? 2 : 1;
  if (keyword.test(text)) signs += 1;
  if (yamlKey.test(bare)) signs += 2;
  if (assignment.test(bare)) signs += 2;
  if (flag.test(text)) signs += 1;
  if (lineEnd.test(text)) signs += 2;
  if (pathStart.test(text)) signs += 2;
  if (/^\s{2,}\S/.test(line)) signs += 1;
  if (ratio(text, symbols) > 0.06) signs += 1;
  if (ratio(text, symbols) > 0.15) signs += 1;
  if (isSentence(text)) signs -= 2;
  return Math.max(0, signs);
}

/** English prose: begins like a sentence, ends like one, and has the small words of one. */
function isSentence(text: string): boolean {
  const small =
    text.match(/\b(?:the|a|an|is|are|of|to|and|in|that|it|for|with|this|on|be|can|you)\b/gi) ?? [];
  return /^[A-Z"'(]/.test(text) && (/[.!?:]$/.test(text) || small.length >= 3) && small.length >= 1;
}
