import type { Metadata } from "next";
import { pageContext } from "@/lib/auth/context";
import { LibraryRevisions } from "../../../library/revisions";

export const metadata: Metadata = { title: "Editions of a pattern" };

export default async function PatternRevisionsPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ digest?: string }>;
}) {
  const [{ id }, { digest }, ctx] = await Promise.all([params, searchParams, pageContext()]);
  return <LibraryRevisions ctx={ctx} kind="pattern" id={id} shown={digest} />;
}
