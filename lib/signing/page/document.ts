import "server-only";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The signing page as it is served: one document, its script and style inside, each named by hash in the policy. */
export type SigningPage = {
  html: string;
  csp: string;
  /** SHA-256 hex of the script's bytes, published at /.well-known/signing-page.json. */
  scriptSha256: string;
  styleSha256: string;
};

const file = (name: string): string =>
  readFileSync(path.join(/* turbopackIgnore: true */ process.cwd(), "lib/signing/page", name), "utf8");
/** The serif of everything on record, inside the document, so that the page loads nothing. */
const face = (weight: 400 | 600): string => {
  const woff2 = readFileSync(
    path.join(
      /* turbopackIgnore: true */ process.cwd(),
      `node_modules/@fontsource/source-serif-4/files/source-serif-4-latin-${weight}-normal.woff2`,
    ),
  );
  return `@font-face{font-family:"Source Serif 4";font-weight:${weight};src:url(data:font/woff2;base64,${woff2.toString("base64")}) format("woff2")}`;
};
const hash = (text: string) => createHash("sha256").update(text);

let page: SigningPage | null = null;

/** Read once per process. */
export function signingPage(): SigningPage {
  if (page) return page;
  const script = file("page.js");
  const style = `${face(400)}${face(600)}${file("page.css")}`;
  const [before = "", between = "", after = ""] = file("page.html").split(/<!--style-->|<!--script-->/);
  const scriptHash = hash(script);
  const styleHash = hash(style);
  const source = (h: ReturnType<typeof hash>) => `'sha256-${h.copy().digest("base64")}'`;
  page = {
    html: `${before}<style>${style}</style>${between}<script>${script}</script>${after}`,
    csp: [
      "default-src 'none'",
      `script-src ${source(scriptHash)}`,
      `style-src-elem ${source(styleHash)}`,
      "font-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    scriptSha256: scriptHash.copy().digest("hex"),
    styleSha256: styleHash.copy().digest("hex"),
  };
  return page;
}
