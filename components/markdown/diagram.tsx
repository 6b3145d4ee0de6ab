"use client";
import { CircleX } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { beforePaper } from "@/components/ui/printing";

type Drawn = { state: "waiting" } | { state: "drawn"; url: string; width: number } | { state: "failed"; why: string };

const maxSource = 20_000;
/** A wide diagram shrinks to this share of its size and scrolls beyond it; smaller, its words cannot be read. */
const leastShare = 0.72;

/**
 * A Mermaid diagram. The library comes when the diagram nears the screen. The result is shown as a picture, in which nothing
 * can run and no link can be followed; the source stays readable beneath.
 */
export function Diagram({ source }: { source: string }) {
  const id = `mermaid-${useId().replace(/\W/g, "")}`;
  const place = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  const [drawn, setDrawn] = useState<Drawn>({ state: "waiting" });
  /** The same in ink on white, for paper. */
  const [paper, setPaper] = useState<string | null>(null);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((e) => e.isIntersecting)) setNear(true);
      },
      { rootMargin: "300px" },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (!near) return;
    let gone = false;
    draw(id, source).then(
      (picture) => {
        if (!gone) setDrawn({ state: "drawn", ...picture });
      },
      (error: unknown) => {
        if (!gone)
          setDrawn({ state: "failed", why: error instanceof Error ? error.message : "The diagram is not readable." });
      },
    );
    return () => {
      gone = true;
    };
  }, [near, id, source]);

  useEffect(
    () =>
      beforePaper(async () => {
        // One that cannot be drawn says so by itself; it must not keep the rest from being printed.
        const picture = await draw(`${id}-paper`, source, true).catch(() => null);
        if (picture) setPaper(picture.url);
        else setNear(true);
      }),
    [id, source],
  );

  const title = /^\s*accTitle:\s*(\S.*)$/m.exec(source)?.[1];
  const alt = title ? `Diagram: ${title}` : "Diagram; its source is below";
  const frame = paper ? "scroll-x no-print" : "scroll-x";
  return (
    <figure className="diagram" ref={place} aria-busy={drawn.state === "waiting"}>
      {paper ? (
        // biome-ignore lint/performance/noImgElement: a data URL; there is nothing to optimise
        <img className="print-only" src={paper} alt={alt} />
      ) : null}
      {drawn.state === "drawn" ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        // biome-ignore lint/a11y/useSemanticElements: a group that scrolls is no fieldset
        <div className={frame} tabIndex={0} role="group" aria-label={title ?? "Diagram"}>
          {/* biome-ignore lint/performance/noImgElement: a data URL; there is nothing to optimise */}
          <img src={drawn.url} alt={alt} style={{ minWidth: Math.round(drawn.width * leastShare) }} />
        </div>
      ) : null}
      {title ? <figcaption>{title}</figcaption> : null}
      {drawn.state === "failed" ? (
        <p className="diagram-fault">
          <CircleX className="i" aria-hidden="true" /> This diagram cannot be drawn: {drawn.why}
        </p>
      ) : null}
      <details open={drawn.state === "failed"}>
        <summary>Source of the diagram</summary>
        <pre>{source}</pre>
      </details>
    </figure>
  );
}

/** Draws and returns a data URL. The picture has its own document: no script, no outside resource, no style of ours. */
async function draw(id: string, source: string, light = false): Promise<{ url: string; width: number }> {
  if (source.length > maxSource) throw new Error(`it has more than ${maxSource.toLocaleString("en-GB")} characters.`);
  const { default: mermaid } = await import("mermaid");
  const root = document.documentElement;
  const { theme } = root.dataset;
  // Nothing is painted between this and the line that takes it back.
  if (light) root.dataset.theme = "light";
  const token = (name: string) => getComputedStyle(root).getPropertyValue(name).trim();
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    // Without it a chart of time takes the width of the window.
    gantt: { useWidth: 760, leftPadding: 140 },
    sequence: { wrap: true, width: 130 },
    theme: "base",
    fontFamily: "system-ui, sans-serif",
    themeVariables: {
      background: token("--surface"),
      primaryColor: token("--sunken"),
      primaryBorderColor: token("--line-control"),
      primaryTextColor: token("--ink"),
      secondaryColor: token("--accent-wash"),
      tertiaryColor: token("--canvas"),
      lineColor: token("--ink-3"),
      textColor: token("--ink"),
      gridColor: token("--line-strong"),
      sectionBkgColor: token("--canvas"),
      altSectionBkgColor: token("--canvas"),
      critBkgColor: token("--fail-wash"),
      critBorderColor: token("--fail"),
      activeTaskBkgColor: token("--accent-wash"),
      activeTaskBorderColor: token("--accent"),
      noteBkgColor: token("--care-wash"),
      noteTextColor: token("--ink"),
      noteBorderColor: token("--care"),
      xyChart: { plotColorPalette: [token("--accent"), token("--care"), token("--fail")].join(",") },
      fontSize: "13px",
    },
  });
  if (light && theme) root.dataset.theme = theme;
  else if (light) delete root.dataset.theme;
  const { svg } = await mermaid.render(id, source);
  const picture = standalone(svg);
  return { url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.svg)}`, width: picture.width };
}

/** An SVG picture needs a size of its own and its namespace. */
function standalone(svg: string): { svg: string; width: number } {
  const box = /viewBox="[\d.eE+-]+ [\d.eE+-]+ ([\d.]+) ([\d.]+)"/.exec(svg);
  const size = box ? ` width="${Math.ceil(Number(box[1]))}" height="${Math.ceil(Number(box[2]))}"` : "";
  const whole = svg.replace(/<svg\b([^>]*)>/, (_all, attributes: string) => {
    const rest = attributes.replace(/\s(?:width|height)="[^"]*"/g, "");
    const space = rest.includes("xmlns=") ? "" : ' xmlns="http://www.w3.org/2000/svg"';
    return `<svg${space}${size}${rest}>`;
  });
  return { svg: whole, width: box ? Math.ceil(Number(box[1])) : 0 };
}
