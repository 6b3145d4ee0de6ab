/** Why a sign-in did not happen, in a sentence: our own refusals by code, and whatever the protocol refused. */
export function whyNot(refused: unknown, error: unknown): string | null {
  if (typeof refused === "string") {
    if (refused === "inactive") return "Your account here is deactivated. Ask an administrator to open it again.";
    if (refused === "not-invited")
      return "You have no account here. Ask an administrator to invite your e-mail address.";
    if (refused === "no-email")
      return "Your identity provider sent no e-mail address. Ask its administrator to release the e-mail claim to Countersign.";
    if (refused === "email-unverified")
      return "Your identity provider has not verified your e-mail address. Verify it there, then sign in again.";
    if (refused === "other-identity")
      return "Your e-mail address belongs to an account with another identity. Ask an administrator.";
    return "You were not let in. Ask an administrator.";
  }
  if (typeof error !== "string") return null;
  if (error === "AccessDenied") return "You were not let in. Ask an administrator.";
  return "The sign-in did not complete: it was cancelled, took too long, or its answer did not match. Try again.";
}
