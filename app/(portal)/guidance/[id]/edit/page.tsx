import type { Metadata } from "next";
import { pageContext } from "@/lib/auth/context";
import { getGuide } from "@/lib/guidance/reads";
import { EditLibraryText } from "../../../library/edit";
import { orNotFound } from "../../../not-found-if";

export const metadata: Metadata = { title: "Edit guidance" };

export default async function EditGuidePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ merge?: string }>;
}) {
  const [{ id }, { merge }, ctx] = await Promise.all([params, searchParams, pageContext()]);
  const { kind } = await orNotFound(getGuide, ctx, { id });
  return <EditLibraryText ctx={ctx} kind={kind} id={id} merging={merge !== undefined} />;
}
