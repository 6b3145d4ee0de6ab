import { describe, expect, test } from "vitest";
import { newCard, readCard, writeCard } from "./card";

const card = `---
# who may use it
license: apache-2.0   # as the vendor says
language:
  - en
  - nb
tags: [fraud, "tabular: cards"]
base_model: mistralai/Mistral-7B-v0.3
datasets:
- cards.authorisations
x-own: { kept: true, n: 1.50 }
widget:
- text: |
    two
    lines
---

# Fraud score

Text with --- dashes, ünïcode and a trailing space. 
`;
const said = { licence: "Apache-2.0", baseModel: "mistralai/Mistral-7B-v0.3", datasets: ["cards.authorisations"] };

test("a card says its licence, base model and datasets", () => {
  expect(readCard(card)).toEqual(said);
  expect(readCard("---\nlicense: other\nlicense_name: llama3\nbase_model: [a/b, c/d]\n---\n")).toEqual({
    licence: "llama3",
    baseModel: "a/b",
    datasets: [],
  });
});

describe("out and in again", () => {
  test.each([
    ["as it is", card],
    ["with line ends of Windows", card.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\ufeff${card}`],
    ["without text", "---\nlicense: mit\n---"],
  ])("%s, byte for byte", (_what, text) => {
    expect(writeCard(text, readCard(text))).toBe(text);
  });

  test("what the inventory says otherwise changes those keys and nothing else", () => {
    const out = writeCard(card, { ...said, licence: "MIT", datasets: ["cards.authorisations", "cards.disputes"] });
    expect(out).toBe(
      card
        .replace("apache-2.0 ", "mit ")
        .replace("\n- cards.authorisations", " [ cards.authorisations, cards.disputes ]"),
    );
    expect(readCard(out)).toEqual({ ...said, licence: "MIT", datasets: ["cards.authorisations", "cards.disputes"] });
  });

  test("a licence of one's own becomes a listed one, and the other way round", () => {
    const own = writeCard(card, { ...said, licence: "Vendor terms" });
    expect(own).toContain("license: other   # as the vendor says");
    expect(readCard(own).licence).toBe("Vendor terms");
    expect(writeCard(own, said)).toBe(card);
  });

  test("a key without a value, and metadata without keys, are filled in", () => {
    expect(writeCard("---\nlicense:\ntags: []\n---\n", { ...said, datasets: [] })).toBe(
      "---\nlicense: apache-2.0\ntags: []\nbase_model: mistralai/Mistral-7B-v0.3\n---\n",
    );
    expect(writeCard("---\n---\nText", { licence: "MIT", baseModel: null, datasets: [] })).toBe(
      "---\nlicense: mit\n---\nText",
    );
  });

  test("what the inventory does not say is no contradiction", () => {
    expect(writeCard(card, { licence: null, baseModel: null, datasets: [] })).toBe(card);
  });

  test("a card made here says what it was made from", () => {
    const made = newCard(
      { name: "fraud-score", description: "Declines stolen cards.", method: "Boosting", owner: "Priya Raman" },
      "2",
      { licence: "Vendor terms 4", baseModel: null, datasets: ["a", "b"] },
      { auc: 0.96 },
    );
    expect(readCard(made)).toEqual({ licence: "Vendor terms 4", baseModel: null, datasets: ["a", "b"] });
    expect(made).toContain("# fraud-score 2");
    expect(made).toContain("type: auc");
  });
});

const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${Array.from(
  { length: 12 },
  (_, i) =>
    `b${i}: &b${i} [${Array(9)
      .fill(i === 0 ? "*a" : `*b${i - 1}`)
      .join(",")}]`,
).join("\n")}\nlicense: mit\n---\n`;

test.each([
  ["no metadata", "# A title", /Begin with the metadata/],
  ["metadata that never ends", "---\nlicense: mit\n", /Begin with the metadata/],
  ["text instead of keys", "---\njust text\n---\n", /list of keys/],
  ["a key twice", "---\nlicense: mit\nlicense: gpl\n---\n", /Line \d is not YAML/],
  ["broken YAML", "---\na: [1,\nb: }\n---\n", /is not YAML/],
  ["a licence that is no text", "---\nlicense: { id: mit }\n---\n", /license must be a text/],
])("%s is refused in words", (_what, text, message) => {
  expect(() => readCard(text)).toThrow(message);
});

test("references that multiply cost nothing", () => {
  expect(readCard(bomb).licence).toBe("MIT");
  expect(writeCard(bomb, readCard(bomb))).toBe(bomb);
});
