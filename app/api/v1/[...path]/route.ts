import { apiRoute } from "@/lib/http/api-route";
import { answer, router } from "@/lib/http/dispatch";
import { operations } from "@/lib/operations";

const routes = router(operations);

const handle = apiRoute<{ path: string[] }>(({ request, params, asker }) =>
  answer(request, params.path, routes, asker),
);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
