import type { SignIn } from "@/lib/connectors/registry";

/** A service principal's client id and secret (OAuth machine to machine). */
export const oauthSignIn: SignIn = {
  id: "oauth",
  title: "Databricks service principal (OAuth)",
  username: "Client id",
  secret: { label: "Client secret", hint: "Tokens are asked for with it and last an hour." },
};

/** Whether an address is a Databricks workspace. */
export const isDatabricks = (baseUrl: string): boolean =>
  /\.(cloud\.databricks\.com|azuredatabricks\.net|gcp\.databricks\.com)$/.test(new URL(baseUrl).hostname);
