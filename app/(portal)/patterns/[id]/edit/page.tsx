import type { Metadata } from "next";
import { pageContext } from "@/lib/auth/context";
import { EditLibraryText } from "../../../library/edit";

export const metadata: Metadata = { title: "Edit a pattern" };

export default async function EditPatternPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ merge?: string }>;
}) {
  const [{ id }, { merge }, ctx] = await Promise.all([params, searchParams, pageContext()]);
  return <EditLibraryText ctx={ctx} kind="pattern" id={id} merging={merge !== undefined} />;
}
