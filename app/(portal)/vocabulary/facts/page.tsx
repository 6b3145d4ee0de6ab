import type { Metadata } from "next";
import { Empty } from "@/components/ui/empty";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SearchBox } from "@/components/ui/search-box";
import { Table } from "@/components/ui/table";
import { pageContext } from "@/lib/auth/context";
import { factCatalogue } from "@/lib/facts/reads";

export const metadata: Metadata = { title: "Facts" };

const typeName: Readonly<Record<string, string>> = {
  text: "text",
  number: "number",
  boolean: "yes or no",
  instant: "instant, UTC",
  texts: "list of texts",
  numbers: "numbers by name",
  record: "values by name",
};
const aboutName = { model: "model", model_version: "version", either: "model or version" } as const;

/** Every fact that systems may report: its key, type, unit and how long a reading counts. */
export default async function FactsPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q = "" } = await searchParams;
  const ctx = await pageContext();
  const { items } = await factCatalogue(ctx, {});
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((k) => {
    const text = `${k.key} ${k.meaning} ${k.from} ${k.askedBy.join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const systems = [...new Set(found.map((k) => k.from))].sort();
  return (
    <Page>
      <PageHead
        title="Facts"
        lede="What systems may report about a model or a version. Push them to POST /api/v1/facts, results of tests to /api/v1/results, scanner reports to /api/v1/scans, results of Great Expectations to /api/v1/validations; or connect a source that tells them. The same list is at /api/v1/facts/catalogue."
      />
      <SearchBox label="Find a fact" placeholder="Key, meaning, system or readiness item" />
      {systems.length === 0 ? <Empty title="No such fact">Nothing in the catalogue has these words.</Empty> : null}
      {systems.map((system) => {
        const keys = found.filter((k) => k.from === system);
        return (
          <Section key={system} title={system} note={`${keys.length}`}>
            <Table
              label={system}
              columns={[
                { id: "key", name: "Key", width: "24%" },
                { id: "meaning", name: "Meaning" },
                { id: "type", name: "Type and unit", width: 140 },
                { id: "about", name: "About", width: 110 },
                { id: "age", name: "Counts for", width: 100 },
                { id: "asked", name: "Asked by", width: 110 },
              ]}
              rows={keys.map((k) => {
                const type = `${typeName[k.type] ?? k.type}${k.unit ? `, ${k.unit}` : ""}`;
                const age = k.maxAgeDays === null ? "always" : `${k.maxAgeDays} ${k.maxAgeDays === 1 ? "day" : "days"}`;
                return {
                  id: k.key,
                  cells: {
                    key: <span className="mono wrap">{k.key}</span>,
                    meaning: k.meaning,
                    type,
                    about: aboutName[k.about],
                    age,
                    asked: k.askedBy.length > 0 ? k.askedBy.join(", ") : <span className="mut">nothing yet</span>,
                  },
                  card: (
                    <>
                      <span className="mono wrap">{k.key}</span>
                      <div>{k.meaning}</div>
                      <div className="lbl">
                        {type}; about a {aboutName[k.about]}; counts {age === "always" ? age : `for ${age}`}
                        {k.askedBy.map((by, i) => (
                          <span key={by}>
                            {i === 0 ? "; asked by " : ", "}
                            <span className="nw">{by}</span>
                          </span>
                        ))}
                      </div>
                    </>
                  ),
                };
              })}
            />
          </Section>
        );
      })}
    </Page>
  );
}
