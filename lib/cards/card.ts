import { type Document, isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from "yaml";
import { spdxOf } from "@/lib/bom/licence";
import { Refusal } from "@/lib/core/refusal";

/** What a model card and the inventory both say of a version. Null: the one says nothing. */
export type CardFields = { licence: string | null; baseModel: string | null; datasets: readonly string[] };

export const maxCardBytes = 256 * 1024;

const bad = (message: string): Refusal => new Refusal("invalid", `card: ${message}`, [{ field: "card", message }]);

type Parts = { open: string; yaml: string; close: string; body: string };

/** A Hugging Face model card: YAML between two lines of three dashes, then Markdown. Everything is kept to the byte. */
function partsOf(text: string): Parts {
  const found = /^(\ufeff?---[ \t]*\r?\n)([\s\S]*?)(^---[ \t]*(?:\r?\n|$))/m.exec(text);
  if (found?.index !== 0)
    throw bad("Begin with the metadata: a line of three dashes, YAML, and a line of three dashes again.");
  const [whole, open = "", yaml = "", close = ""] = found;
  return { open, yaml, close, body: text.slice(whole.length) };
}

function documentOf(yaml: string): Document.Parsed<YAMLMap.Parsed> {
  const document = parseDocument(yaml, { schema: "core", uniqueKeys: true, logLevel: "silent", prettyErrors: true });
  const [fault] = document.errors;
  // The card's first line is the dashes.
  if (fault) throw bad(`Line ${(fault.linePos?.[0].line ?? 0) + 1} is not YAML: ${fault.message.split("\n")[0]}`);
  if (document.contents !== null && !isMap(document.contents))
    throw bad("The metadata must be a list of keys with values, such as license: mit.");
  return document as Document.Parsed<YAMLMap.Parsed>;
}

/** One text, or a list of texts; anything else is refused by its key. */
function texts(document: Document.Parsed<YAMLMap.Parsed>, key: string): string[] {
  const node = document.get(key, true);
  if (node === undefined || (isScalar(node) && (node.value === null || node.value === ""))) return [];
  const items = isSeq(node) ? node.items : [node];
  return items.map((item) => {
    if (isScalar(item) && typeof item.value === "string" && item.value.length <= 400) return item.value;
    throw bad(`${key} must be a text, or a list of texts of at most 400 characters.`);
  });
}

/** What a card says that the inventory keeps too. */
export function readCard(text: string): CardFields {
  const document = documentOf(partsOf(text).yaml);
  const [licence] = texts(document, "license");
  const [named] = texts(document, "license_name");
  const said = licence === "other" || licence === undefined ? (named ?? licence ?? null) : licence;
  if (said !== null && said.length > 120) throw bad("license has at most 120 characters.");
  return {
    licence: said === null ? null : (spdxOf(said) ?? said),
    baseModel: texts(document, "base_model")[0] ?? null,
    datasets: texts(document, "datasets"),
  };
}

/** Model hubs write identifiers in lower case, and licences of nobody's list as `other` with a name. */
const hubLicence = (licence: string): { license: string; license_name?: string } => {
  const id = spdxOf(licence);
  return id ? { license: id.toLowerCase().replace(/-only$/, "") } : { license: "other", license_name: licence };
};

/**
 * The card with what the inventory says now. Where the two agree nothing is touched, so a card that nobody contradicts comes out as it
 * came in, byte for byte; where they differ only those keys change, and comments, order, unknown keys and text stay.
 */
export function writeCard(text: string, now: CardFields): string {
  const was = readCard(text);
  const changes: [string, unknown][] = [];
  if (now.licence !== null && now.licence !== was.licence) {
    const { license, license_name } = hubLicence(now.licence);
    changes.push(["license", license], ["license_name", license_name]);
  }
  if (now.baseModel !== null && now.baseModel !== was.baseModel) changes.push(["base_model", now.baseModel]);
  const missing = now.datasets.filter((d) => !was.datasets.includes(d));
  if (missing.length > 0) changes.push(["datasets", [...was.datasets, ...missing]]);
  if (changes.length === 0) return text;
  const parts = partsOf(text);
  return `${parts.open}${edited(parts.yaml, changes)}${parts.close}${parts.body}`;
}

/** The YAML with the values of some keys replaced where they stand, or added at the end; undefined takes a key away. */
function edited(yaml: string, changes: readonly (readonly [string, unknown])[]): string {
  const items = documentOf(yaml).contents?.items ?? [];
  const ending = yaml.includes("\r\n") ? "\r\n" : "\n";
  const cuts: { from: number; to: number; text: string }[] = [];
  let added = "";
  for (const [key, value] of changes) {
    const pair = items.find((item) => isScalar(item.key) && item.key.value === key);
    const text = value === undefined ? "" : stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
    const [from] = pair?.key?.range ?? [];
    if (from === undefined) {
      if (value !== undefined) added += `${key}: ${text}${ending}`;
      continue;
    }
    const colon = yaml.indexOf(":", from) + 1;
    const [valueFrom, valueEnd] = (pair?.value as { range?: [number, number, number] } | null | undefined)?.range ?? [];
    // The range of a block ends after its last line.
    const valueTo = Math.max(colon, yaml.slice(0, valueEnd ?? colon).trimEnd().length);
    if (value === undefined) {
      const line = yaml.indexOf("\n", valueTo);
      cuts.push({ from, to: line < 0 ? yaml.length : line + 1, text: "" });
      continue;
    }
    const between = yaml.slice(colon, Math.max(colon, valueFrom ?? colon));
    const block = between.includes("\n");
    // A block gives way to one line; a comment beside the key keeps its line, and the value goes below it.
    if (block && between.includes("#"))
      cuts.push({ from: colon, to: valueTo, text: `${between.trimEnd()}${ending}  ${text}` });
    else if (block || valueTo === colon) cuts.push({ from: colon, to: valueTo, text: ` ${text}` });
    else cuts.push({ from: valueFrom ?? colon, to: valueTo, text });
  }
  const cut = cuts
    .sort((x, y) => y.from - x.from)
    .reduce((out, { from, to, text }) => out.slice(0, from) + text + out.slice(to), yaml);
  return cut + (added !== "" && cut !== "" && !cut.endsWith("\n") ? ending : "") + added;
}

/** A card for a version that has none yet. */
export function newCard(
  model: { name: string; description: string; method: string; owner: string | null },
  version: string,
  fields: CardFields,
  metrics: Readonly<Record<string, number>>,
): string {
  const results = Object.entries(metrics).map(([type, value]) => ({ type, value }));
  const metadata = {
    ...(fields.licence ? hubLicence(fields.licence) : {}),
    ...(fields.baseModel ? { base_model: fields.baseModel } : {}),
    ...(fields.datasets.length > 0 ? { datasets: [...fields.datasets] } : {}),
    ...(results.length > 0
      ? {
          "model-index": [
            {
              name: `${model.name} ${version}`,
              results: [
                {
                  task: { type: "other" },
                  dataset: { name: fields.datasets[0] ?? "not said", type: fields.datasets[0] ?? "other" },
                  metrics: results,
                },
              ],
            },
          ],
        }
      : {}),
  };
  const yaml = Object.keys(metadata).length > 0 ? stringify(metadata, { lineWidth: 0 }) : "";
  const lines = [
    `# ${model.name} ${version}`,
    model.description || "Nobody has described this model yet.",
    ...(model.method ? [`Method: ${model.method}.`] : []),
    ...(model.owner ? [`Owner: ${model.owner}.`] : []),
  ];
  return `---\n${yaml}---\n\n${lines.join("\n\n")}\n`;
}
