import type { Metadata } from "next";
import { pageContext } from "@/lib/auth/context";
import { getGuide } from "@/lib/guidance/reads";
import { LibraryRevisions } from "../../../library/revisions";
import { orNotFound } from "../../../not-found-if";

export const metadata: Metadata = { title: "Editions of guidance" };

export default async function GuideRevisionsPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ digest?: string }>;
}) {
  const [{ id }, { digest }, ctx] = await Promise.all([params, searchParams, pageContext()]);
  const { kind } = await orNotFound(getGuide, ctx, { id });
  return <LibraryRevisions ctx={ctx} kind={kind} id={id} shown={digest} />;
}
