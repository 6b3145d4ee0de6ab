import "server-only";
import { config } from "@/lib/config/config";
import { personasOffered as offered } from "@/lib/config/env";

/** Whether this portal offers demo personas on its sign-in page. */
export const personasOffered = (): boolean => offered(config(), process.env.NODE_ENV);
