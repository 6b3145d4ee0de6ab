/** SPDX identifiers of the licences that models and data come under; others are named in words. */
const spdx = [
  "AFL-3.0",
  "AGPL-3.0-only",
  "Apache-2.0",
  "Artistic-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "CC-BY-4.0",
  "CC-BY-NC-4.0",
  "CC-BY-NC-ND-4.0",
  "CC-BY-NC-SA-4.0",
  "CC-BY-SA-4.0",
  "CC0-1.0",
  "CDLA-Permissive-2.0",
  "ECL-2.0",
  "EPL-2.0",
  "EUPL-1.2",
  "GPL-2.0-only",
  "GPL-3.0-only",
  "ISC",
  "LGPL-3.0-only",
  "MIT",
  "MPL-2.0",
  "ODbL-1.0",
  "PDDL-1.0",
  "Unlicense",
  "Zlib",
] as const;

/** The SPDX identifier that a licence's name means, in any case and with the short names of model hubs; null if it is none of SPDX. */
export function spdxOf(licence: string): string | null {
  const want = licence.trim().toLowerCase();
  const long = /^(a|l)?gpl-[23]\.0$/.test(want) ? `${want}-only` : want;
  return spdx.find((id) => id.toLowerCase() === long) ?? null;
}
