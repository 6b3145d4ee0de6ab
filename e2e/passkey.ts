import type { Page } from "@playwright/test";

export type Passkey = {
  /** Whether the person passes user verification from now on (a finger, a PIN). */
  verifies: (yes: boolean) => Promise<void>;
  /** How many credentials the authenticator holds. */
  count: () => Promise<number>;
  /** Gives another page of the same person the same passkey, as one that is synced between two devices. */
  syncTo: (page: Page) => Promise<void>;
};

/** Gives the page's browser a platform authenticator, as a laptop has: resident keys, user verification, no prompts. */
export async function withPasskey(page: Page): Promise<Passkey> {
  const { cdp, authenticatorId } = await authenticator(page);
  return {
    verifies: async (isUserVerified) => {
      await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
    count: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
    syncTo: async (other) => {
      const to = await authenticator(other);
      const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
      for (const credential of credentials)
        await to.cdp.send("WebAuthn.addCredential", { authenticatorId: to.authenticatorId, credential });
    },
  };
}

async function authenticator(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}
