import { expect, test } from "vitest";
import { cachedMarkdown } from "./cached";
import { outline } from "./outline";
import { maxMarkdown, renderMarkdown } from "./render";

const html = (source: string) =>
  renderMarkdown(source)
    .map((p) => (p.kind === "html" ? p.html : p.kind === "diagram" ? `[diagram ${p.source.trim()}]` : ""))
    .join("");

test("tables, tasks, code and frontmatter", () => {
  expect(html("---\nstatus: accepted\n---\n| a | b |\n|---|---|\n| 1 | 2 |")).toContain("<td>1</td>");
  expect(html("---\nstatus: accepted\n---\ntext")).not.toContain("status");
  expect(html("- [x] done")).toContain('type="checkbox" checked disabled');
  expect(html("```ts\nlet a = 1\n```")).toContain('<code class="language-ts">');
});

test.each([
  ["<script>alert(1)</script>", /script|alert/],
  ['<img src=x onerror="alert(1)">', /<img|onerror/],
  ["<svg/onload=alert(1)>", /<svg|<[^>]*onload/],
  ["<iframe srcdoc='<script>1</script>'></iframe>", /iframe|srcdoc/],
  ["[x](javascript:alert(1))", /javascript/i],
  ["[x](JaVaScRiPt:alert(1))", /javascript/i],
  ["[x](java\tscript:alert(1))", /href="java/i],
  ["[x](&#106;avascript:alert(1))", /javascript/i],
  ["[x](data:text/html,<script>1</script>)", /href="data/],
  ["[x](vbscript:msgbox)", /vbscript/],
  ["<a href='javascript:1' style='position:fixed'>x</a>", /javascript|style/],
  ["![track](https://evil.example/p.gif)", /<img/],
  ["![x](javascript:alert(1))", /javascript/],
  ['```"onmouseover=alert(1)\nx\n```', /onmouseover=/],
  ["<style>body{display:none}</style>", /<style/],
  ["<form action=//evil><button>go</button></form>", /<form|<button/],
  ['[x](https://a.example "x" onclick="1")', /<[^>]*onclick/],
  ["<details open ontoggle=alert(1)>", /ontoggle/],
  ["<meta http-equiv=refresh content=0>", /<meta/],
  ["<math><mtext></mtext><script>1</script></math>", /<math|<script/],
])("hostile %s leaves nothing behind", (source, forbidden) => {
  expect(html(source)).not.toMatch(forbidden);
});

test("ids cannot take a name of the page, and footnotes of two texts do not meet", () => {
  const one = renderMarkdown("a[^1]\n\n[^1]: note", { prefix: "one" });
  expect(JSON.stringify(one)).toContain("one-fn-1");
  expect(html('<a id="main" name="main">x</a>')).not.toContain("main");
});

test("an outside link gives no referrer and no hold on the window; an inside one stays plain", () => {
  expect(html("[a](https://example.com)")).toContain('rel="noopener noreferrer nofollow"');
  expect(html("[a](//example.com)")).toContain("noopener");
  expect(html("[a](/models/x)")).toBe('<p><a href="/models/x">a</a></p>');
});

test("headings start below the page's own and keep their steps", () => {
  expect(html("# A\n\n### C")).toBe("<h3>A</h3>\n<h5>C</h5>");
  expect(html("## B")).toBe("<h3>B</h3>");
});

test("anchors are those of the outline: no two alike, none taken from code, nothing but letters, digits and hyphens", () => {
  const source =
    "# Title\n\n## What *it* costs\n\n```sh\n# no heading\n```\n\n## What it costs\n\n## “><img> & `x`\n\n## \u00c4pfel\n";
  const ids = renderMarkdown(source, { anchors: true }).map((p) => (p.kind === "html" ? p.html : ""));
  const wanted = outline(source).map((h) => h.id);
  expect(wanted.slice(0, 3)).toEqual(["s-title", "s-what-it-costs", "s-what-it-costs-2"]);
  expect([...ids.join("").matchAll(/<h\d id="([^"]*)"/g)].map((m) => m[1])).toEqual(wanted);
  for (const id of wanted) expect(id).toMatch(/^s-[\p{L}\p{N}-]+$/u);
  expect(
    renderMarkdown(source)
      .map((p) => (p.kind === "html" ? p.html : ""))
      .join(""),
  ).not.toContain("id=");
});

test("a table scrolls in a frame that the keyboard reaches, also within a quote", () => {
  const table = "| a | b |\n|---|---|\n| 1 | 2 |\n";
  expect(html(table)).toMatch(/^<div class="scroll-x" tabindex="0" role="group" aria-label="Table"><table>/);
  expect(html(table.replaceAll(/^/gm, "> ")).match(/class="scroll-x"/g)).toHaveLength(1);
});

test("a mermaid fence becomes a diagram between the text, with its source untouched", () => {
  const pieces = renderMarkdown('before\n\n```mermaid\nflowchart LR\n  a-->b["<b>"]\n```\n\nafter');
  expect(pieces.map((p) => p.kind)).toEqual(["html", "diagram", "html"]);
  expect(pieces[1]).toEqual({ kind: "diagram", source: 'flowchart LR\n  a-->b["<b>"]\n' });
});

test("text that would exhaust a parser comes back as plain text, quickly", () => {
  const started = performance.now();
  for (const source of [
    ">".repeat(50_000),
    "> ".repeat(20_000),
    "- ".repeat(20_000),
    `${" ".repeat(40_000)}- x`,
    "[".repeat(20_000),
    "*a ".repeat(20_000),
    "*a_ ".repeat(20_000),
    "[a](".repeat(20_000),
    "`".repeat(20_000),
    "<!--".repeat(20_000),
    "x".repeat(maxMarkdown + 1),
    `|${"a|".repeat(5_000)}\n|${"-|".repeat(5_000)}`,
  ]) {
    expect(html(source)).not.toContain("<script");
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

const omitted = (source: string) => renderMarkdown(source).flatMap((p) => (p.kind === "left-out" ? p.sentences : []));

test("what is not shown is told with its reason; what is all there is told nothing about", () => {
  expect(omitted("# A\n\n[x](https://a.example) [y](/models/z) <!-- a note -->")).toEqual([]);
  expect(omitted("<b>x</b>\n\n[a](javascript:1) ![p](data:image/png;base64,AA)")).toEqual([
    "1 piece of raw HTML left out: records are Markdown only.",
    "1 picture not shown: only those uploaded to this portal are.",
    "2 addresses left out: links lead to http, https, mailto or within the portal.",
  ]);
  expect(omitted("x".repeat(maxMarkdown + 1)).join()).toContain("more than 100,000 characters");
  expect(omitted(`${"> ".repeat(80)}x`).join()).toContain("more than 60 deep");
  expect(omitted("*a* ".repeat(600)).join()).toContain("more than 1,000 emphasis");
});

test("a quote that begins with a kind is a callout, another is a quote", () => {
  expect(html("> [!WARNING]\n> Mind the *gap*.")).toMatch(
    /<blockquote class="callout warning"><p class="lbl">Warning<\/p>\s*<p>Mind the <em>gap<\/em>\.<\/p>/,
  );
  expect(html("> [!DANGER]\n> x")).not.toContain("callout");
  expect(html("> said")).toBe("<blockquote>\n<p>said</p>\n</blockquote>");
});

test("code is coloured on the server by the language that its fence names, and stays text", () => {
  const coloured = (source: string) => JSON.stringify(cachedMarkdown(source, 3, false));
  expect(coloured("```python\ndef f(): return '<b>'\n```")).toMatch(/hljs-keyword.*def/);
  expect(coloured("```python\ndef f(): return '<b>'\n```")).not.toContain("<b>");
  expect(coloured("```nosuchlanguage\na < b\n```")).toContain("a &#x3C; b");
  expect(coloured("```\nplain\n```")).not.toContain("hljs-");
});

test("a picture that was uploaded here is shown; any other address is a link or words, and it is said", () => {
  const ours = `/api/v1/images/${"a1".repeat(32)}`;
  expect(html(`![A drawing](${ours})`)).toBe(`<p><img src="${ours}" alt="A drawing"></p>`);
  expect(omitted(`![A drawing](${ours})`)).toEqual([]);
  for (const foreign of [
    `${ours}0`,
    `${ours}/../../evidence/x`,
    `${ours}?x=1`,
    `//evil.example${ours}`,
    `https://evil.example${ours}`,
    ours.toUpperCase(),
    "/api/v1/evidence/00",
    "diagram.png",
  ]) {
    expect(html(`![x](${foreign})`), foreign).not.toContain("<img");
    expect(omitted(`![x](${foreign})`), foreign).toContain(
      "1 picture not shown: only those uploaded to this portal are.",
    );
  }
  expect(html(`![x][one]\n\n[one]: ${ours}`)).not.toContain("<img");
  expect(html(`<img src="${ours}" onerror="alert(1)">`)).not.toContain("<img");
  expect(html(`![" onload="x](${ours} "t" onclick="y")`)).not.toMatch(/<[^>]*\s(onload|onclick|title)=/);
});
