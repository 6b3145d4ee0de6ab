import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";

type Preview = {
  models: number;
  more: boolean;
  unreadable: number;
  versions: number | null;
  first: readonly { name: string; versions: number | null; inventory: "new" | "taken" | "known" }[];
  clashes: number;
  taken: readonly { name: string; from: string }[];
};

const n = (count: number) => count.toLocaleString("en-GB");

/** What a first import would bring: how much, the first models by name, and names that are taken. */
export function ImportPreview({ preview, connection }: { preview: Preview; connection: string }) {
  const { models, more, unreadable, versions, first, clashes, taken } = preview;
  const counted = first.some((m) => m.versions !== null);
  const [example] = taken;
  return (
    <>
      <p>
        {n(models)}
        {more ? " or more" : ""} {models === 1 && !more ? "model" : "models"}
        {versions === null ? "" : `, ${n(versions)} ${versions === 1 ? "version" : "versions"}`} would be imported, as
        unclaimed until an owner takes them.
        {unreadable === 0
          ? ""
          : ` ${n(unreadable)} more ${unreadable === 1 ? "has a record" : "have records"} that cannot be understood; the import shows which.`}
      </p>
      {example ? (
        <div style={{ margin: "12px 0" }}>
          <Notice tone="care">
            <b>
              {n(clashes)} {clashes === 1 ? "name is" : "names are"} in the inventory already.
            </b>{" "}
            {example.name} comes from {example.from}; the one from here would be called {example.name}@{connection}.
            People decide later whether the two are one model.
          </Notice>
        </div>
      ) : null}
      <Table
        label="Models that would be imported"
        columns={[
          { id: "name", name: models > first.length || more ? `First ${first.length} models` : "Model" },
          ...(counted ? [{ id: "versions", name: "Versions", num: true }] : []),
          { id: "fate", name: "Becomes" },
        ]}
        empty={<p className="mut">The registry holds no models yet, or this account may see none.</p>}
        rows={first.map((m) => ({
          id: m.name,
          cells: {
            name: <span className="mono">{m.name}</span>,
            versions: m.versions === null ? "" : n(m.versions),
            fate:
              m.inventory === "new" ? (
                <Status state="draft" word="A new model" />
              ) : m.inventory === "known" ? (
                "Known already"
              ) : (
                <span className="mono wrap">
                  {m.name}@{connection}
                </span>
              ),
          },
        }))}
      />
    </>
  );
}
