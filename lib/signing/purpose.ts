/** What a link to the signing page is for. */
export type SigningPurpose = "enrol" | "approve" | "attest" | "decide" | "break_glass";
