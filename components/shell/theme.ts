export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The theme that a cookie value means; anything else follows the system. */
export const themeOf = (value: string | undefined): Theme => themes.find((t) => t === value) ?? "system";
