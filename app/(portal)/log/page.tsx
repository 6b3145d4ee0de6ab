import type { Metadata } from "next";
import { HeadBox } from "@/components/log/head-box";
import { LogTable } from "@/components/log/log-table";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { type Params, withParams } from "@/components/ui/urls";
import { pageContext } from "@/lib/auth/context";
import { entryAreas } from "@/lib/log/entry";
import { logHead, logList } from "@/lib/log/queries";

export const metadata: Metadata = { title: "Log" };

const kinds = [
  { value: "command", label: "What was done" },
  { value: "signature", label: "Signatures" },
];
const filterKeys = ["q", "actor", "name", "subject", "model", "kind", "from", "to", "after"] as const;

export default async function LogPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const given = filterKeys.flatMap((key) => {
    const value = params[key];
    return typeof value === "string" && value !== "" ? [[key, value] as const] : [];
  });
  const [head, list] = await Promise.all([logHead(ctx, {}), logList(ctx, Object.fromEntries(given))]);
  const filtered = given.some(([key]) => key !== "after");
  const index = (at: number) => list.entries.at(at)?.index?.toLocaleString("en-GB");
  const [first, last] = [index(0), index(-1)];
  return (
    <Page name="log" aside={<HeadBox head={head} />}>
      <PageHead
        title="Log"
        lede="Everything that happened, in one sequence that can only grow. Open an entry to verify it yourself."
      />
      <div className="finding">
        <SearchBox label="Search the log" placeholder="Person, model, reference or word" />
        <Filters
          filters={[
            { key: "name", name: "Area", options: entryAreas },
            { key: "kind", name: "Kind", options: kinds },
          ]}
        />
      </div>
      {list.entries.length === 0 ? (
        <Empty title={filtered ? "No entry matches." : "Nothing has happened yet."}>
          {filtered ? "Take a filter away, or search for fewer words." : "The first command leaves the first entry."}
        </Empty>
      ) : (
        <>
          <LogTable entries={list.entries} />
          <Pager
            shown={list.entries.length}
            {...(first && last ? { first, last } : {})}
            total={null}
            next={list.next ? withParams("/log", params, { after: list.next }) : null}
            start={params.after ? withParams("/log", params, { after: null }) : null}
          />
        </>
      )}
    </Page>
  );
}
