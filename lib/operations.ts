import "server-only";
import type { Operation } from "@/lib/http/dispatch";

/** Every operation of the portal. REST, OpenAPI, MCP and the docs page of operations derive from this list. */
export const operations: readonly Operation[] = [];
