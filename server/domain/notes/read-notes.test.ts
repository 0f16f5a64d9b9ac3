import { describe, expect, test } from "vitest";
import { readVersion } from "../team-runbooks/load.ts";
import { composeDraft } from "./compose-draft.ts";
import { type Notes, readNotes } from "./read-notes.ts";

/** As a reader copies it from a page: no marks of headings, code or links are left. */
const copied = `Ops diary

2023-01-01
jo

What I learnt, week by week.

2023-03-27~02

时钟同步 chrony

时间偏差会让证书校验失败。

查看偏差

chronyc tracking

# 立刻校正
sudo chronyc makestep

两种办法:

  1. 手动校正

    cat > /etc/chrony.conf << EOF
    pool ntp.example.org iburst

    makestep 1 3
    EOF

  2. 等它自己追上

https://chrony-project.org/documentation.html

journald 占满磁盘

journalctl --vacuum-size=200M

配置写在这里:

[Journal]
SystemMaxUse=200M
MaxFileSec=1week

2023-2-6~12

etcd 碎片整理

img

  • 先看大小;
  • 再整理;

etcdctl defrag --endpoints=127.0.0.1:2379

Comments
`;

const outline = ({ weeks }: Notes) =>
  weeks.map(({ week, sections }) => [
    week,
    ...sections.map(({ title, startsEntry }) => `${startsEntry ? "" : "· "}${title}`),
  ]);
const entriesOf = ({ weeks }: Notes) =>
  weeks.flatMap(({ week, sections }) =>
    sections.reduce<{ week: string | null; title: string; sections: typeof sections }[]>(
      (entries, section) => {
        if (section.startsEntry)
          entries.push({ week, title: section.title ?? "untitled", sections: [section] });
        else entries.at(-1)?.sections.push(section);
        return entries;
      },
      [],
    ),
  );

describe("plain text", () => {
  const notes = readNotes({ text: copied });

  test("weeks, entries and sections", () => {
    expect(notes.format).toBe("text");
    expect(outline(notes)).toEqual([
      ["2023-03-27", "时钟同步 chrony", "· 查看偏差", "journald 占满磁盘"],
      ["2023-02-06", "etcd 碎片整理"],
    ]);
  });

  test("code, here-documents within lists, links and pictures", () => {
    const [first, seen, second] = notes.weeks[0]?.sections ?? [];
    expect(first?.markdown).toBe("时间偏差会让证书校验失败。");
    expect(seen?.markdown).toBe(
      `\`\`\`bash
chronyc tracking

# 立刻校正
sudo chronyc makestep
\`\`\`

两种办法:

1. 手动校正

   \`\`\`bash
   cat > /etc/chrony.conf << EOF
   pool ntp.example.org iburst

   makestep 1 3
   EOF
   \`\`\`

2. 等它自己追上

- <https://chrony-project.org/documentation.html>`,
    );
    expect(second?.markdown).toContain("```ini\n[Journal]\nSystemMaxUse=200M\nMaxFileSec=1week\n```");
    expect(notes.weeks[1]?.sections[0]?.markdown).toBe(
      "*[img]*\n\n- 先看大小;\n- 再整理;\n\n```bash\netcdctl defrag --endpoints=127.0.0.1:2379\n```",
    );
  });
});

const markdown = `# Ops diary

## 2023-03-27~02

### Clock skew

Text with \`code\`.

\`\`\`shell
# not a heading
chronyc tracking
\`\`\`

#### Fix

![graph](graph.png) and [manual](/docs) and [site](notes.html)

### Journal

Full.

## Week of 2023-02-06

### etcd

Defragment.
`;

test("Markdown: marked headings are what they say, and those within code are none", () => {
  const notes = readNotes({ text: markdown });
  expect(notes.format).toBe("markdown");
  expect(outline(notes)).toEqual([
    ["2023-03-27", "Clock skew", "· Fix", "Journal"],
    ["2023-02-06", "etcd"],
  ]);
});

const html = `<!doctype html><html><body><nav>Home</nav><article><h1>Ops diary</h1>
<h2 id="w13">2023-03-27~02 <a href="#w13">#</a></h2>
<h3>Clock skew</h3><p>See <a href="https://example.org/a">the page</a>.</p>
<pre><code class="language-bash"># not a heading
echo "&lt;b&gt;"
</code></pre>
<h4>Fix</h4><ul><li>one</li><li>two</li></ul>
<table><tr><th>code</th><th>meaning</th></tr><tr><td>0</td><td>good</td></tr></table>
<script>alert(1)</script></article><footer>Comments</footer></body></html>`;

test("a page: headings, code, links, lists and tables, and nothing of what stands around them", () => {
  const notes = readNotes({ text: html });
  expect(notes.format).toBe("html");
  expect(outline(notes)).toEqual([["2023-03-27", "Clock skew", "· Fix"]]);
  const [skew, fix] = notes.weeks[0]?.sections ?? [];
  expect(skew?.markdown).toBe(
    'See [the page](https://example.org/a).\n\n```bash\n# not a heading\necho "<b>"\n```',
  );
  expect(fix?.markdown).toMatch(/^- {3}one\n- {3}two\n\n\| code \| meaning \|/);
  expect(JSON.stringify(notes)).not.toMatch(/alert|Home|Comments/);
});

test("notes without weeks are entries all the same; without headings they are one", () => {
  const titled = readNotes({ text: "# Diary\n\n## One\n\na\n\n## Two\n\nb\n" });
  expect(outline(titled)).toEqual([[null, "Diary", "One", "Two"]]);
  expect(outline(readNotes({ text: "Just a line." }))).toEqual([[null, "null"]]);
  expect(readNotes({ text: "" }).weeks).toEqual([]);
});

test.each([
  ["text", copied],
  ["markdown", markdown],
  ["html", html],
])("each entry of %s is a sound runbook", async (_, text) => {
  const entries = entriesOf(readNotes({ text }));
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    const draft = composeDraft(entry);
    const read = await readVersion({
      slug: "draft",
      createdAt: new Date(),
      number: 1,
      text: draft,
      checks: [],
    });
    expect(read.problems, draft).toEqual([]);
    expect(read.meta).toMatchObject({ title: entry.title, week: entry.week });
  }
});

test("what runbooks do not know becomes what says the same", async () => {
  const section = {
    title: null,
    depth: 0,
    markdown:
      'Zero\u200bwidth ![a](b.png) ![c](https://example.org/c.png) {% check id="x" /%}\n\n```golang\nx := 1\n```\n\n```jinja\n{% for x in y %}\n```\n\n    indented --code\n\nhttps://example.org/source',
  };
  const text = composeDraft({ week: "2023-03-27", title: 'A: "title" # odd', sections: [section] });
  expect(text).toContain(`title: 'A: "title" # odd'`);
  expect(text).toContain('Zerowidth *[a]* [c](https://example.org/c.png) \\{% check id="x" /%}');
  expect(text).toContain("```go\nx := 1\n```");
  expect(text).toContain("```text {% process=false %}\n{% for x in y %}\n```");
  expect(text).toContain("```text\nindented --code\n```");
  expect(text).toContain("url: https://example.org/source");
  const read = await readVersion({ slug: "draft", createdAt: new Date(), number: 1, text, checks: [] });
  expect(read.problems).toEqual([]);
  expect(read.article.plainText).toContain("{% for x in y %}");
});
