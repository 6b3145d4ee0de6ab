import { apiRoute } from "@/lib/http/api-route";
import { modelCard } from "@/lib/cards/queries";

/** A version's model card as the file that model hubs read. */
export const GET = apiRoute<{ name: string; version: string }>(async ({ request, params, asker }) => {
  const { name, version } = params;
  const { card } = await modelCard(await asker(), { name, version });
  return new Response(card, {
  headers: {
    "content-type": "text/markdown; charset=utf-8",
    "content-disposition": 'attachment; filename="README.md"',
  },
  });
});
